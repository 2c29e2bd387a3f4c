package dev.indelible.client;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What others put beside their own code brings nothing with it but the JDK. */
class DependenciesTest {

  private static final String CLIENT = "dev.indelible.client..";
  private static final String VERIFY = "dev.indelible.verify..";

  private static final JavaClasses CLASSES =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.indelible.client", "dev.indelible.verify");
          });

  @Test
  void theClientUsesTheJdkAndVerifyAlone() {
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .dependOnClassesThat(not(resideInAnyPackage("java..", CLIENT, VERIFY, "org.jspecify..")))
        .check(CLASSES);
    assertThat(users(VERIFY)).isPositive();
  }

  @Test
  void verifyUsesTheJdkAlone() {
    noClasses()
        .that()
        .resideInAPackage(VERIFY)
        .should()
        .dependOnClassesThat(not(resideInAnyPackage("java..", VERIFY, "org.jspecify..")))
        .check(CLASSES);
  }

  private static long users(String used) {
    return CLASSES.stream()
        .filter(resideInAPackage(CLIENT))
        .filter(
            javaClass ->
                javaClass.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> resideInAPackage(used).test(d.getTargetClass())))
        .count();
  }
}
