package mqttsn.gateway.client;

/** The state of a client as the client sees it (§6.14). */
public enum ClientState {
  /** CONNACK "accepted" leads to ACTIVE. */
  DISCONNECTED,
  /** DISCONNECT leads to DISCONNECTED, with a Duration to ASLEEP; a silent gateway to LOST. */
  ACTIVE,
  /** PINGREQ with the ClientId leads to AWAKE, CONNECT to ACTIVE, DISCONNECT to DISCONNECTED. */
  ASLEEP,
  /** PINGRESP, or its absence after all retries, leads back to ASLEEP. */
  AWAKE,
  /** The gateway left a request unanswered; only CONNECT leads out. */
  LOST
}
