package io.gaol.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What we ask of a pom.xml: its modules, and what it names. */
record Pom(Path directory, Document xml) {

  /** A dependency, an import of versions, a plugin, or a path of the compiler's. */
  record Artifact(String groupId, String artifactId, String scope) {
    boolean isOurs() {
      return groupId.equals("io.gaol");
    }

    boolean isForTests() {
      return scope.equals("test");
    }
  }

  static Pom of(Path directory) {
    try {
      return new Pom(
          directory,
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(directory.resolve("pom.xml").toFile()));
    } catch (Exception e) {
      throw new IllegalStateException("cannot read " + directory.resolve("pom.xml"), e);
    }
  }

  /** The modules that are built by it, also by way of others that only gather some. */
  List<String> modules() {
    return elements("module")
        .map(Element::getTextContent)
        .flatMap(
            module -> {
              List<String> gathered = of(directory.resolve(module)).modules();
              return gathered.isEmpty()
                  ? Stream.of(module)
                  : gathered.stream().map(one -> module + "/" + one);
            })
        .toList();
  }

  List<Artifact> dependencies() {
    return artifacts("dependency").toList();
  }

  /** All that is named in any place, for the build and the tests too. */
  List<Artifact> artifacts() {
    return Stream.of("dependency", "plugin", "path").flatMap(this::artifacts).toList();
  }

  private Stream<Artifact> artifacts(String tag) {
    return elements(tag)
        .map(
            element ->
                new Artifact(
                    // A plugin without a group is one of Maven's own.
                    child(element, "groupId", "org.apache.maven.plugins"),
                    child(element, "artifactId", ""),
                    child(element, "scope", "compile")));
  }

  private Stream<Element> elements(String tag) {
    var nodes = xml.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
  }

  private static String child(Element element, String tag, String otherwise) {
    var nodes = element.getElementsByTagName(tag);
    return nodes.getLength() == 0 ? otherwise : nodes.item(0).getTextContent().strip();
  }
}
