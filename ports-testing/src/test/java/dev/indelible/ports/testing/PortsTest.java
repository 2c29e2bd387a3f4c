package dev.indelible.ports.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** An adapter in a module of its own needs the ports, and the ports need nothing. */
class PortsTest {

  private static final String JOURNAL = "dev.indelible.ports.journal";
  private static final String BLOB = "dev.indelible.ports.blob";

  private static final JavaClasses PORTS = new ClassFileImporter().importPackages(JOURNAL, BLOB);

  @Test
  void eachPortUsesTheJdkAlone() {
    for (String port : new String[] {JOURNAL, BLOB}) {
      assertThat(PORTS.containPackage(port)).as(port).isTrue();
      noClasses()
          .that()
          .resideInAPackage(port)
          .should()
          .dependOnClassesThat(not(resideInAnyPackage("java..", port, "org.jspecify..")))
          .check(PORTS);
    }
  }
}
