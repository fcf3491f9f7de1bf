package mqttsn.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;

/** Arrows between packages point one way, and the core does no I/O. */
@AnalyzeClasses(packages = "mqttsn", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchRule codecKnowsNobody = knowsOnly("mqttsn.codec..");

  @ArchTest static final ArchRule topicKnowsCodec = knowsOnly("mqttsn.topic..", "mqttsn.codec..");

  @ArchTest static final ArchRule daemonKnowsNobody = knowsOnly("mqttsn.daemon..");

  @ArchTest
  static final ArchRule sessionKnowsTopicAndCodec =
      knowsOnly("mqttsn.gateway.session..", "mqttsn.topic..", "mqttsn.codec..");

  @ArchTest
  static final ArchRule configKnowsDaemon = knowsOnly("mqttsn.gateway.config..", "mqttsn.daemon..");

  @ArchTest
  static final ArchRule netDoesNotKnowTheBrokerSide =
      knowsOnly(
          "mqttsn.gateway.net..",
          "mqttsn.gateway.session..",
          "mqttsn.topic..",
          "mqttsn.codec..",
          "mqttsn.daemon..");

  @ArchTest
  static final ArchRule brokerDoesNotKnowTheClientSide =
      knowsOnly(
          "mqttsn.gateway.broker..",
          "mqttsn.gateway.session..",
          "mqttsn.gateway.config..",
          "mqttsn.topic..",
          "mqttsn.codec..",
          "mqttsn.daemon..");

  @ArchTest
  static final ArchRule clientDoesNotKnowTheGateway =
      knowsOnly("mqttsn.gateway.client..", "mqttsn.topic..", "mqttsn.codec..", "mqttsn.daemon..");

  @ArchTest
  static final ArchRule codecUsesBuffersAndTheCodecBaseOnly =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.codec..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.netty..")
                  .and(
                      resideOutsideOfPackages(
                          "io.netty.buffer..",
                          "io.netty.util..",
                          "io.netty.handler.codec",
                          "io.netty.channel",
                          "io.netty.channel.socket")));

  @ArchTest
  static final ArchRule theCoreDoesNoInputAndNoOutput =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.gateway.session..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..",
              "org.tinylog..",
              "org.slf4j..",
              "java.util.logging..",
              "java.util.concurrent..",
              "java.io..",
              "java.nio..");

  @ArchTest
  static final ArchRule theCoreHasNoClock =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.gateway.session..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock");

  @ArchTest
  static final ArchRule theCoreHasNoThreadsAndNoRandomness =
      noClasses()
          .that()
          .resideInAPackage("mqttsn.gateway.session..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Random.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.random..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.UUID")
          .orShould()
          .callMethod(Math.class, "random");

  /** Classes of the first package depend on ours in these packages, and on other people's. */
  private static ArchRule knowsOnly(String... packages) {
    return classes()
        .that()
        .resideInAPackage(packages[0])
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(packages).or(resideOutsideOfPackages("mqttsn..")));
  }
}
