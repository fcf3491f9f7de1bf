package mqttsn.gateway.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import mqttsn.daemon.net.Group;
import mqttsn.daemon.net.InterfaceNames;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code discovery}: how clients find this gateway (§6.1). Without groups nothing is
 * multicast, and SEARCHGW is answered to its asker.
 *
 * @param advertiseInterval time between two ADVERTISE
 * @param groups where ADVERTISE and GWINFO go and SEARCHGW is heard
 * @param interface_ the network interfaces that the groups are joined on
 * @param preset groups that existing clients use, besides the configured ones
 * @param maxHops TTL or hop limit where the radius says "the whole network"
 * @param standbyFor GwId of the gateway that this one stands by for; null to be active
 */
public record Discovery(
    @Default("15m") @Between(min = "1s", max = "18h") Duration advertiseInterval,
    List<Group> groups,
    @Default("auto") InterfaceNames interface_,
    @Nullable Preset preset,
    @Default("8") @Range(min = 1, max = 255) int maxHops,
    @Nullable @Range(min = 0, max = 255) Integer standbyFor) {

  private static final int MAX_GROUPS = 16;

  public Discovery {
    if (groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException(
          "groups: expected at most " + MAX_GROUPS + ", found " + groups.size());
    }
  }

  /** The groups that clients of one kind use, as seen in their code. */
  public enum Preset {
    /** Eclipse Paho's gateway and clients, and the Zephyr sample. */
    PAHO("225.1.1.1:1883 [ff1e:feed:caca:dead::feed:caca:dead]:1883"),
    /** The cc.mqttsn clients and gateway. */
    CC("255.255.255.255:1883"),
    /** EMQX. */
    EMQX("255.255.255.255:1884"),
    /** The gateway and clients of HiveMQ and simon622. */
    HIVEMQ("255.255.255.255:2442"),
    /** The nRF5 SDK over Thread. */
    NORDIC("[ff03::1]:47193"),
    /** The addresses once proposed for registration. */
    PROPOSED("239.255.255.72:1883 [ff05::75b]:1883 [ff03::75b]:1883");

    private final String groups;

    Preset(String groups) {
      this.groups = groups;
    }

    public List<Group> groups() {
      return Arrays.stream(groups.split(" ")).map(Group::parse).toList();
    }
  }

  /** The configured groups and those of the preset, each once. */
  public Set<Group> allGroups() {
    Set<Group> all = new LinkedHashSet<>(groups);
    if (preset != null) {
      all.addAll(preset.groups());
    }
    return all;
  }
}
