import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Adds up the reports of all tests below a folder and prints what failed, what was skipped and why,
 * and as the last line {@code N passed, N failed, N skipped}.
 *
 * <p>{@code java TestSummary.java ROOT [FAILURE...]}: each FAILURE is one found outside of the tests (a
 * module that did not compile, something left behind) and counts as failed. Ends with 1 when anything
 * failed or when no test ran.
 */
final class TestSummary {
  private int passed;
  private final List<String> failed = new ArrayList<>();
  private final Map<String, Integer> skippedByReason = new TreeMap<>();

  public static void main(String[] args) throws Exception {
    TestSummary summary = new TestSummary();
    for (Path report : reportsBelow(Path.of(args[0]))) {
      summary.add(report);
    }
    List.of(args).subList(1, args.length).forEach(summary.failed::add);
    if (summary.passed == 0 && summary.failed.isEmpty()) {
      summary.failed.add("no test ran");
    }
    summary.print();
    System.exit(summary.failed.isEmpty() ? 0 : 1);
  }

  private static List<Path> reportsBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(file -> file.toString().matches(".*/target/(surefire|failsafe)-reports/[^/]*"))
          .sorted()
          .toList();
    }
  }

  private void add(Path report) {
    NodeList testCases;
    try {
      testCases =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getElementsByTagName("testcase");
    } catch (Exception e) {
      failed.add(report + ": cannot be read: " + e.getMessage());
      return;
    }
    for (int i = 0; i < testCases.getLength(); i++) {
      add((Element) testCases.item(i));
    }
  }

  private void add(Element testCase) {
    for (Node node = testCase.getFirstChild(); node != null; node = node.getNextSibling()) {
      switch (node.getNodeName()) {
        case "failure", "error" -> {
          failed.add(name(testCase) + ": " + messageOf((Element) node));
          return;
        }
        case "skipped" -> {
          skippedByReason.merge(messageOf((Element) node), 1, Integer::sum);
          return;
        }
        default -> {}
      }
    }
    passed++;
  }

  private static String name(Element testCase) {
    return testCase.getAttribute("classname") + "." + testCase.getAttribute("name");
  }

  /** In one line. An assumption that did not hold has its message only in the text, as an exception. */
  private static String messageOf(Element outcome) {
    String message =
        outcome.hasAttribute("message")
            ? outcome.getAttribute("message")
            : outcome.getTextContent().strip().lines().findFirst().orElse("");
    String line =
        message
            .replaceFirst("^[\\w.]+: (Assumption failed: )?", "")
            .replaceAll("\\s+", " ");
    return line.isBlank() ? "no reason given" : line.substring(0, Math.min(line.length(), 200));
  }

  private void print() {
    int skipped = skippedByReason.values().stream().mapToInt(Integer::intValue).sum();
    failed.forEach(what -> System.out.println("FAILED  " + what));
    skippedByReason.forEach(
        (reason, count) -> System.out.printf("skipped %d: %s%n", count, reason));
    System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed.size(), skipped);
  }
}
