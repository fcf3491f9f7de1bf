package mqttsn.gateway;

import java.util.List;
import mqttsn.daemon.config.Effective;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.Discovery;
import mqttsn.gateway.config.Identity;
import mqttsn.gateway.config.Queue;
import mqttsn.gateway.config.Sessions;

/**
 * What of a configuration that is read again counts at once. Every other key keeps its value until
 * the next start.
 *
 * @param inForce what counts from now on
 * @param needRestart the keys that differ from what was read, such as {@code broker.urls}
 */
record Reload(Configuration inForce, List<String> needRestart) {

  /**
   * @param running what counted before
   * @param wanted what was read
   */
  static Reload of(Configuration running, Configuration wanted) {
    Configuration inForce =
        new Configuration(
            identity(running.gateway(), wanted.gateway()),
            running.sensors(),
            discovery(running.discovery(), wanted.discovery()),
            wanted.topics(),
            sessions(running.sessions(), wanted.sessions()),
            wanted.qosMinusOne(),
            wanted.forwarders(),
            broker(running.broker(), wanted.broker()),
            queue(running.queue(), wanted.queue()),
            running.aggregating(),
            running.admin(),
            wanted.log());
    return new Reload(inForce, Effective.changedKeys(inForce, wanted));
  }

  private static Identity identity(Identity running, Identity wanted) {
    return new Identity(wanted.id(), running.name(), running.mode());
  }

  private static Discovery discovery(Discovery running, Discovery wanted) {
    return new Discovery(
        wanted.advertiseInterval(),
        running.groups(),
        running.interface_(),
        running.preset(),
        running.maxHops(),
        wanted.standbyFor());
  }

  private static Sessions sessions(Sessions running, Sessions wanted) {
    return new Sessions(
        wanted.max(),
        wanted.tRetry(),
        wanted.nRetry(),
        wanted.sleepBuffer(),
        wanted.sleepBufferBytes(),
        wanted.sleepBuffersTotal(),
        wanted.expiry(),
        wanted.idleLimit(),
        wanted.maxClientId(),
        wanted.allowEmptyClientId(),
        wanted.rebindSleeper(),
        wanted.connectRate(),
        wanted.connectRatePerSource(),
        wanted.publishWindow(),
        wanted.maxTopics(),
        wanted.maxSubscriptions(),
        wanted.maxForwarderNodes(),
        running.file());
  }

  private static BrokerSettings broker(BrokerSettings running, BrokerSettings wanted) {
    return new BrokerSettings(
        running.urls(),
        running.mqttVersion(),
        running.username(),
        running.passwordFile(),
        running.connectTimeout(),
        running.keepAlive(),
        wanted.grace(),
        running.maxPacket(),
        running.tls(),
        running.quic());
  }

  private static Queue queue(Queue running, Queue wanted) {
    // What sessions keep until the broker has it cannot change hands while it is under way.
    boolean sessionsKeepAsBefore =
        (running.ack() == Queue.Ack.BROKER) == (wanted.ack() == Queue.Ack.BROKER);
    return new Queue(
        running.enabled(),
        running.directory(),
        sessionsKeepAsBefore ? wanted.ack() : running.ack(),
        wanted.bytes(),
        wanted.messages(),
        wanted.age(),
        wanted.whenFull(),
        wanted.drainRate(),
        wanted.qos0());
  }
}
