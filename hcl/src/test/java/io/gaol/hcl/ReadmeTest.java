package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows does what it says. */
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path THIS = Path.of("src/test/java/io/gaol/hcl/ReadmeTest.java");

  @Test
  void everyExampleInJavaIsPartOfThisTest() throws IOException {
    String test = withoutSpace(Files.readString(THIS));
    List<String> examples = examples("java");
    assertThat(examples).hasSize(5);
    assertThat(examples).allSatisfy(example -> assertThat(test).contains(withoutSpace(example)));
  }

  @Test
  void aFileIsRead() {
    String text = "server \"a\" {\n  port = 80\n}\nserver \"b\" {\n  port = 80 + 1\n}\n";
    List<String> found = new ArrayList<>();
    Body file = Hcl.parse("server.hcl", text);
    for (Block server : file.blocks("server")) {
      String name = server.labelNames().getFirst();
      Value port = server.body().attributes().get("port").expression().evaluate(Scope.empty());
      found.add(name + " " + port);
    }
    assertThat(found).hasSize(2);
    assertThat(found.getFirst()).startsWith("a ").contains("80");
  }

  @Test
  void variablesAndFunctionsAreGiven() {
    Scope scope =
        new Scope(
            Map.of("region", Value.of("eu")),
            Map.of(
                "double",
                arguments -> Value.of(List.of(arguments.getFirst(), arguments.getFirst()))));
    Value value = Hcl.parseExpression("example", "double(\"${region}-1\")").evaluate(scope);
    assertThat(Show.value(value)).isEqualTo("[\"eu-1\", \"eu-1\"]");
  }

  @Test
  void errorsAreShownAsTheReadmeShowsThem() throws IOException {
    StringBuilder report = new StringBuilder();
    try {
      Hcl.parse("server.hcl", "port == 80\nname = 'web'\n");
    } catch (HclException e) {
      report.append(e.render());
    }
    assertThat(report.toString().strip()).isEqualTo(examples("text").getFirst().strip());
  }

  @Test
  void jsonIsTheSameBody() {
    String json = "{\"server\": {\"a\": {\"port\": 80}}}";
    Schema schema = Schema.attributes().block("server", List.of("name"), Schema.attributes());
    Body body = Hcl.parseJson("server.json", json).body(schema);
    assertThat(body.blocks("server").getFirst().labelNames()).containsExactly("a");
  }

  @Test
  void aTextIsFormatted() throws IOException {
    String formatted =
        Hcl.format("server.hcl", "server \"a\" {\nport=80 # http\n  host =  \"h\"\n}\n");
    assertThat(formatted).isEqualTo(examples("hcl").getFirst());
  }

  private static List<String> examples(String language) throws IOException {
    return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(Files.readString(README))
        .results()
        .map(example -> example.group(1))
        .toList();
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }
}
