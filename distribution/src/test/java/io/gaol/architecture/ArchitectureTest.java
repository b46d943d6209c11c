package io.gaol.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.gaol.architecture.House.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the code to docs/architecture.md. The table there is the law; this only reads it. */
class ArchitectureTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final House HOUSE = House.readFrom(ROOT.resolve("docs/architecture.md"));
  private static final List<Module> MODULES =
      HOUSE.modules().values().stream().filter(module -> !module.later()).toList();
  private static final JavaClasses ALL_CLASSES =
      new ClassFileImporter()
          .importPaths(
              MODULES.stream().map(ArchitectureTest::classesOf).filter(Files::exists).toList());

  @Test
  void theTableNamesTheModulesOfTheReactorAndMarksTheOthersAsLater() {
    assertThat(Pom.of(ROOT).modules())
        .containsExactlyInAnyOrderElementsOf(MODULES.stream().map(Module::name).toList());
  }

  @TestFactory
  Stream<DynamicTest> aModuleDependsOnlyOnTheModulesItsRowAllows() {
    return forEach(
        MODULES.stream(),
        module ->
            assertThat(Pom.of(ROOT.resolve(module.name())).dependencies())
                .as("what the pom of %s depends on", module.name())
                .filteredOn(dependency -> dependency.isOurs() && !dependency.isForTests())
                .extracting(Pom.Artifact::artifactId)
                .isSubsetOf(module.artifactsItMayUse()));
  }

  @Test
  void whatOnlyTestsUseIsNotShipped() {
    List<String> forTests =
        MODULES.stream().filter(Module::isForTests).map(Module::artifactId).toList();
    assertThat(Pom.of(ROOT.resolve("distribution")).dependencies())
        .filteredOn(dependency -> forTests.contains(dependency.artifactId()))
        .isNotEmpty()
        .allMatch(Pom.Artifact::isForTests);
  }

  /** Maven hands on what a dependency depends on, so the poms alone do not hold the rule. */
  @TestFactory
  Stream<DynamicTest> aClassUsesOnlyClassesOfTheModulesItsRowAllows() {
    return forEach(
        MODULES.stream().filter(ArchitectureTest::hasCode),
        module -> {
          String[] forbidden =
              HOUSE.modules().values().stream()
                  .filter(other -> !other.equals(module) && !other.packageName().isEmpty())
                  .filter(other -> !module.mayUse().contains(other.name()))
                  .map(other -> other.packageName() + "..")
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(module.packageName() + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(forbidden)
              .check(ALL_CLASSES);
        });
  }

  @TestFactory
  Stream<DynamicTest> aModulesClassesAreInTheModulesPackage() {
    return forEach(
        MODULES.stream().filter(ArchitectureTest::hasCode),
        module -> {
          assertThat(module.packageName()).isNotEmpty();
          classes()
              .should()
              .resideInAPackage(module.packageName() + "..")
              .check(new ClassFileImporter().importPath(classesOf(module)));
        });
  }

  /** What runs on a FreeBSD cannot tell whether it is one. */
  @Test
  void noCodeKnowsWhatStandsForAFreeBsdButThatOfTesting() throws IOException {
    Pattern word = Pattern.compile("stand" + "[-_]?in\\b", Pattern.CASE_INSENSITIVE);
    Path testing = ROOT.resolve("testing");
    List<Path> knowing;
    try (Stream<Path> files = Files.walk(ROOT)) {
      knowing =
          files
              .filter(file -> file.toString().matches(".*[.](java|sh|py|hcl)|.*/(test|gaol)"))
              .filter(file -> !file.startsWith(testing) && !isBuilt(file))
              .filter(Files::isRegularFile)
              .filter(file -> word.matcher(read(file)).find())
              .toList();
    }
    assertThat(knowing).isEmpty();
  }

  private static boolean isBuilt(Path file) {
    Path below = ROOT.relativize(file);
    return below.startsWith(".git")
        || Stream.of(below.toString().split("/")).anyMatch("target"::equals);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void packagesDoNotUseEachOtherInACircle() {
    slices().matching("io.gaol.(**)").should().beFreeOfCycles().check(ALL_CLASSES);
  }

  @Test
  void theModelTouchesNeitherFileNorSocketNorProcess() {
    noClasses()
        .that()
        .resideInAPackage("io.gaol.jail..")
        .should()
        .dependOnClassesThat(
            // A path is a name; what is done with it needs Files.
            resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .and(not(type(Path.class)))
                .or(type(Process.class))
                .or(type(ProcessBuilder.class))
                .or(type(ProcessHandle.class))
                .or(type(Runtime.class)))
        .allowEmptyShould(!hasCode(HOUSE.modules().get("jail")))
        .check(ALL_CLASSES);
  }

  @Test
  void theModelAsksNeitherTheClockNorTheEnvironment() {
    noClasses()
        .that()
        .resideInAPackage("io.gaol.jail..")
        .should()
        .callMethodWhere(
            target(owner(type(System.class)))
                .and(target(nameMatching("currentTimeMillis|nanoTime|getenv|getProperty|exit"))))
        .orShould()
        .callMethodWhere(
            target(owner(resideInAnyPackage("java.time..")))
                .and(target(nameMatching("now|system.*|tick.*"))))
        .allowEmptyShould(!hasCode(HOUSE.modules().get("jail")))
        .check(ALL_CLASSES);
  }

  @Test
  void everythingAPomNamesIsInDependenciesMd() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/dependencies.md"));
    assertThat(Stream.concat(Stream.of(""), Pom.of(ROOT).modules().stream()))
        .flatMap(module -> Pom.of(ROOT.resolve(module)).artifacts())
        .filteredOn(artifact -> !artifact.isOurs())
        .isNotEmpty()
        .allSatisfy(artifact -> assertThat(document).contains("`" + artifact.artifactId() + "`"));
  }

  private static Stream<DynamicTest> forEach(Stream<Module> modules, Consumer<Module> rule) {
    return modules.map(module -> dynamicTest(module.name(), () -> rule.accept(module)));
  }

  /** A module without code is one that was laid and is not furnished yet. */
  private static boolean hasCode(Module module) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(module.name()))) {
      return files
          .filter(file -> file.startsWith(ROOT.resolve(module.name()).resolve("src/main/java")))
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.endsWith(".java") && !name.equals("package-info.java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path classesOf(Module module) {
    return ROOT.resolve(module.name()).resolve("target/classes");
  }
}
