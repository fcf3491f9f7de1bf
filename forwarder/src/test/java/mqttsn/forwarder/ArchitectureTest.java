package mqttsn.forwarder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows between packages point one way, and the core does no I/O. */
@AnalyzeClasses(packages = "mqttsn.forwarder", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theCoreKnowsTheCodecAndNoInputOrOutput =
      classes()
          .that()
          .resideInAPackage("mqttsn.forwarder.core..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "mqttsn.forwarder.core..",
              "mqttsn.codec..",
              "io.netty.buffer..",
              "com.github.benmanes.caffeine..",
              "org.jspecify..",
              "java.lang..",
              "java.io",
              "java.net",
              "java.nio",
              "java.time",
              "java.util..");

  @ArchTest
  static final ArchRule theCoreReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.forwarder.core..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule theForwarderDoesNotKnowTheGateway =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.forwarder..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("mqttsn.gateway..", "mqttsn.topic..");

  @ArchTest
  static final ArchRule socketsDoNotKnowTheSerialLine =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.forwarder.net..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("mqttsn.forwarder.serial..");
}
