// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.sourceblind.events.Prose;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

/// Who must never import whom: the walls that the privacy claims lean on.
class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sourceblind");
  private static final List<String> MODULES =
      List.of("events", "db", "identity", "audit", "capture", "ingest", "analytics", "retention");

  @Test
  void theClientKnowsNoServer() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sourceblind.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.springframework..",
                "org.postgresql..",
                "javax.sql..",
                "io.sourceblind.db..",
                "io.sourceblind.identity..",
                "io.sourceblind.audit..",
                "io.sourceblind.ingest..")
            .because("what runs on an engineer's machine must be readable by itself"));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sourceblind.capture..")
            .and()
            .resideOutsideOfPackage("io.sourceblind.capture.source..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..")
            .because(
                "only a reader opens a database: the file of a tool that keeps its sessions so"));
  }

  @Test
  void servicesDoNotKnowEachOther() {
    check(
        slices()
            .matching("io.sourceblind.(ingest|analytics|retention)..")
            .should()
            .notDependOnEachOther()
            .because("services meet in Postgres, where roles and row security stand between them"));
  }

  @Test
  void nobodyKnowsAllInOne() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.sourceblind.allinone..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sourceblind.allinone..")
            .because("it is for trying out and for tests"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events",
        "db",
        "identity",
        "audit",
        "capture",
        "ingest",
        "analytics",
        "retention"
      })
  void aModuleOffersItsRootPackageOnly(String module) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.sourceblind." + module + "..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.sourceblind." + module + "..")
                    .and(not(resideInAPackage("io.sourceblind." + module))))
            .because("a sub-package is nobody's business but its module's"));
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching("io.sourceblind.(**)")
            .should()
            .beFreeOfCycles()
            .because("a reader must be able to start somewhere"));
  }

  @Test
  void theWireContractIsOnlyAContract() {
    check(
        classes()
            .that()
            .resideInAPackage("io.sourceblind.events..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "java..",
                "com.fasterxml.jackson.annotation..",
                "org.jspecify..",
                "io.sourceblind.events..")
            .because("client and server agree on shape and on nothing else"));
  }

  @Test
  void theAllowlistSharesNoCodeWithTheOtherLayers() {
    check(
        classes()
            .that()
            .resideInAPackage("io.sourceblind.ingest.allowlist..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "java..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "org.jspecify..",
                "io.sourceblind.ingest.allowlist..")
            .because("layer 2 must hold when layer 1 and the contract are wrong"));
  }

  @Test
  void theRedactorSharesNoCodeWithTheOtherLayers() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sourceblind.capture.redact..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.sourceblind..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "io.sourceblind.capture.redact..", "io.sourceblind.events.."))))
            .because("layer 1 stands alone"));
  }

  @Test
  void onlyTheRedactorMakesProse() {
    check(
        classes()
            .that()
            .implement(Prose.class)
            .should()
            .haveFullyQualifiedName("io.sourceblind.capture.redact.PlainProse")
            .andShould()
            .haveOnlyPrivateConstructors()
            .orShould()
            .haveFullyQualifiedName("io.sourceblind.capture.redact.PlainProse")
            .because("outbox and uploader trust the type"));
  }

  @Test
  void onlyTheDoorTouchesTheDatabase() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.sourceblind.db..", "io.sourceblind.capture.source..")
            .should()
            .dependOnClassesThat(
                assignableTo(JdbcOperations.class)
                    .or(assignableTo(PlatformTransactionManager.class))
                    .or(assignableTo(TransactionOperations.class))
                    .or(resideInAPackage("java.sql..")))
            .because("TenantDatabase is the only door, or row security has a way around it"));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.sourceblind.db..")
            .should()
            .callMethod(DataSource.class, "getConnection")
            .orShould()
            .callMethod(JdbcClient.class, "create", DataSource.class)
            .because("TenantDatabase is the only door, or row security has a way around it"));
  }

  @Test
  void aPageReadsThroughWhatWritesItDown() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.sourceblind.analytics..")
            .and()
            .resideOutsideOfPackages(
                "io.sourceblind.analytics",
                "io.sourceblind.analytics.access..",
                "io.sourceblind.analytics.release..",
                "io.sourceblind.analytics.rollup..")
            // One writes, with its entry in the same transaction; the other asks for one number.
            .and()
            .doNotHaveFullyQualifiedName("io.sourceblind.analytics.deletion.Deletions")
            .and()
            .doNotHaveFullyQualifiedName("io.sourceblind.analytics.deletion.RetentionHealth")
            // The job that counts clients once for an epoch.
            .and()
            .doNotHaveFullyQualifiedName("io.sourceblind.analytics.trust.ClientHealth")
            // The job that writes notes, and what it is told to do.
            .and()
            .doNotHaveFullyQualifiedName("io.sourceblind.analytics.narrator.Notes")
            .and()
            .doNotHaveFullyQualifiedName("io.sourceblind.analytics.narrator.Narrations")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.sourceblind.db.TenantDatabase")
            .because("a Reading commits the entry first, and gives the rows afterwards"));
  }

  @Test
  void aServiceShowsOnlyItsApplication() {
    check(
        classes()
            .that()
            .resideInAnyPackage(
                "io.sourceblind.ingest", "io.sourceblind.analytics", "io.sourceblind.retention")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should()
            .beAnnotatedWith(SpringBootApplication.class)
            .because("nobody builds on the inside of a service"));
  }

  @Test
  void timeComesInByTheDoor() {
    check(
        noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("a test moves a Clock instead of waiting"));
  }

  @Test
  void namesAreOfTheDomain() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Dto|DTO)")
            .because("a name that says nothing hides something"));
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked =
        PRODUCT.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .toList();

    assertThat(unmarked).isEmpty();
  }

  @Test
  void everyModuleIsLookedAt() {
    for (var module : MODULES) {
      assertThat(PRODUCT.that(inModule(module))).as(module).isNotEmpty();
    }
  }

  @Test
  void aRuleThatIsBrokenSaysSo() {
    var tooStrict =
        noClasses()
            .that()
            .resideInAPackage("io.sourceblind.ingest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sourceblind.db..");

    assertThatThrownBy(() -> check(tooStrict)).isInstanceOf(AssertionError.class);
  }

  private static DescribedPredicate<JavaClass> inModule(String module) {
    return resideInAPackage("io.sourceblind." + module + "..");
  }

  private static void check(ArchRule rule) {
    rule.check(PRODUCT);
  }
}
