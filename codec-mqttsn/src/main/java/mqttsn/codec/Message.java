package mqttsn.codec;

/** A message of MQTT-SN 1.2 (§5.4). Every instance can be encoded: constructors refuse the rest. */
public sealed interface Message extends Legible permits ToGateway, ToClient {}
