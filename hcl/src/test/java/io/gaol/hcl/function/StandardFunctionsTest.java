package io.gaol.hcl.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gaol.hcl.Function;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mindrot.jbcrypt.BCrypt;

/** What a table of results cannot show of the functions: chance, keys, bounds and descriptions. */
final class StandardFunctionsTest {
  private static final Map<String, Function> FUNCTIONS = StandardFunctions.all();
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** What a key of PKCS #8 has before that of PKCS #1, for 2048 bits. */
  private static final int PKCS8_HEADER = 26;

  @Test
  void aBcryptHashIsOneOfThePassword() {
    String hash = text("bcrypt(\"secret\", 5)");
    assertThat(hash).startsWith("$2a$05$");
    assertThat(BCrypt.checkpw("secret", hash)).isTrue();
    assertThat(BCrypt.checkpw("other", hash)).isFalse();
    assertThat(text("bcrypt(\"secret\", 5)")).isNotEqualTo(hash);
  }

  @Test
  void aRandomUuidIsAnotherOneEachTimeAndOfVersion4() {
    String uuid = text("uuidv4()");
    assertThat(uuid).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(text("uuidv4()")).isNotEqualTo(uuid);
  }

  @Test
  void aTextThatAPublicKeyEncryptedIsDecryptedByThePrivateOne() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    cipher.init(Cipher.ENCRYPT_MODE, keys.getPublic());
    String encrypted =
        Base64.getEncoder().encodeToString(cipher.doFinal("the word".getBytes(UTF_8)));
    byte[] pkcs8 = keys.getPrivate().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_HEADER, pkcs8.length);
    String pem =
        "-----BEGIN RSA PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(pkcs1)
            + "\n-----END RSA PRIVATE KEY-----\n";
    Scope scope =
        new Scope(Map.of("encrypted", Value.of(encrypted), "key", Value.of(pem)), FUNCTIONS);
    assertThat(evaluate("rsadecrypt(encrypted, key)", scope)).isEqualTo(Value.of("the word"));
    assertError("rsadecrypt(base64encode(\"x\"), key)", scope, "does not decrypt this text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          format("%1000000000d", 1)                                   | the number is too large
          format("%9999999s%9999999s", "a", "b")                      | the result is too long
          format("%.99999f", 1)                                       | asks for too many digits
          indent(2000000000, "a\\nb")                                 | the result is too long
          range(1025)                                                 | more than 1024 numbers
          setproduct(range(1000), range(1000), range(1000))           | the result is too long
          replace(format("%9999s", ""), " ", format("%9999s", ""))    | the result is too long
          join(format("%9999999s", ""), ["a", "b", "c"])              | the result is too long
          regex_replace(format("%9999s", ""), "", format("%9999s", "")) | the result is too long
          jsonencode([for i in range(20): format("%999999s", "")])    | the result is too long
          concat([for i in range(1001): range(1000)]...)              | the result is too long
          flatten([for i in range(1001): range(1000)])                | the result is too long
          bcrypt("x", 17)                                             | the cost is at most 16
          "${format("%9999999s", "")}${format("%9999999s", "")}"      | This string is too long
          """)
  void whatWouldTakeTooMuchMemoryIsAnError(String expression, String message) {
    Assertions.assertTimeoutPreemptively(
        BOUND, () -> assertError(expression, new Scope(Map.of(), FUNCTIONS), message));
  }

  @Test
  void manyLargeResultsTogetherAreEnded() {
    String large = "[for a in range(1000): [for b in range(1000): format(\"%999999s\", \"\")]]";
    Assertions.assertTimeoutPreemptively(
        BOUND, () -> assertError(large, new Scope(Map.of(), FUNCTIONS), "takes too long"));
  }

  @Test
  void aliasesOfAliasesAreBounded() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
    }
    Scope scope = new Scope(Map.of("bomb", Value.of(yaml.toString())), FUNCTIONS);
    Assertions.assertTimeoutPreemptively(
        BOUND, () -> assertError("yamldecode(bomb)", scope, "too many values"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsondecode", "yamldecode"})
  void documentsThatNestTooDeepAreAnError(String function) {
    Scope scope = new Scope(Map.of("deep", Value.of("[".repeat(100_000))), FUNCTIONS);
    Assertions.assertTimeoutPreemptively(
        BOUND, () -> assertError(function + "(deep)", scope, "nested more than"));
  }

  @Test
  void aPatternThatMakesOtherEnginesHangIsQuick() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () ->
            assertThat(text("strlen(regex_replace(format(\"%50000s!\", \"\"), \"( *)*$\", \"\"))"))
                .isEqualTo("50001"));
  }

  @Test
  void everyFunctionDescribesItself() {
    FUNCTIONS.forEach(
        (name, function) -> {
          Optional<Function.Signature> signature = function.signature();
          assertThat(signature).as(name).isPresent();
          assertThat(signature.get().purpose()).as(name).endsWith(".");
        });
    assertThat(FUNCTIONS.get("join").signature().orElseThrow().asCall("join"))
        .isEqualTo("join(separator, lists...)");
  }

  @Test
  void theDocumentationListsAllFunctionsAsTheyAre() throws IOException {
    List<String> documented =
        Files.readString(Path.of("../docs/hcl.md"))
            .lines()
            .filter(line -> line.matches("\\| `[a-z0-9_]+\\([a-zA-Z_., ]*\\)` \\|.*\\. \\|"))
            .toList();
    Map<String, Function> all = new TreeMap<>(FUNCTIONS);
    all.putAll(FileFunctions.below(Path.of(".")));
    List<String> lines = new ArrayList<>();
    all.forEach(
        (name, function) -> {
          Function.Signature signature = function.signature().orElseThrow();
          lines.add("| `%s` | %s |".formatted(signature.asCall(name), signature.purpose()));
        });
    assertThat(documented).isEqualTo(lines);
  }

  @Test
  void aFunctionThatIsMisspeltHasASuggestion() {
    assertError("joni(\",\", [])", new Scope(Map.of(), FUNCTIONS), "Did you mean \"join\"?");
  }

  private static String text(String expression) {
    Value value = evaluate("\"x${" + expression + "}\"", new Scope(Map.of(), FUNCTIONS));
    return ((Value.Text) value).value().substring(1);
  }

  private static Value evaluate(String expression, Scope scope) {
    return Hcl.parseExpression("t", expression).evaluate(scope);
  }

  private static void assertError(String expression, Scope scope, String message) {
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> evaluate(expression, scope))
        .withMessageContaining(message);
  }
}
