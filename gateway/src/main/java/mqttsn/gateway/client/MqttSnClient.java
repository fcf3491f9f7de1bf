package mqttsn.gateway.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.MessageType;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.PubAck;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopicResp;
import mqttsn.codec.WillTopicUpd;
import org.jspecify.annotations.Nullable;

/**
 * A client of MQTT-SN 1.2 over UDP whose methods wait for the gateway's answer and throw {@link
 * ClientException} when it is a rejection or does not come. Safe for use from several threads;
 * requests of one kind then go one after another.
 */
public final class MqttSnClient implements AutoCloseable {

  /** Messages that wait for {@link #receive}; a full queue holds acknowledgements back. */
  private static final int MAX_RECEIVED = 10_000;

  private final ClientSettings settings;
  private final ClientSocket socket;
  private final BlockingQueue<ClientAction> received = new LinkedBlockingQueue<>(MAX_RECEIVED);

  private MqttSnClient(ClientSettings settings, InetSocketAddress gateway, ClientTrace trace)
      throws IOException {
    this.settings = settings;
    this.socket = new ClientSocket(settings, gateway, trace, received);
  }

  /** Opens a socket to a gateway; nothing is sent yet. */
  public static MqttSnClient open(ClientSettings settings, InetSocketAddress gateway)
      throws IOException {
    return open(settings, gateway, ClientTrace.NONE);
  }

  public static MqttSnClient open(
      ClientSettings settings, InetSocketAddress gateway, ClientTrace trace) throws IOException {
    MqttSnClient client = new MqttSnClient(settings, gateway, trace);
    client.socket.start();
    return client;
  }

  public String clientId() {
    return settings.clientId();
  }

  public InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  public ClientState state() {
    return socket.state();
  }

  /** Connects with a clean session, no will, and a keep alive of one minute. */
  public void connect() {
    connect(true, Duration.ofMinutes(1));
  }

  /**
   * Connects without a will.
   *
   * @param keepAlive up to 65,535 s, 0 for none; the client pings in time by itself
   */
  public void connect(boolean cleanSession, Duration keepAlive) {
    connect(cleanSession, keepAlive, null);
  }

  public void connect(boolean cleanSession, Duration keepAlive, @Nullable ClientWill will) {
    Connect connect =
        new Connect(will != null, cleanSession, seconds(keepAlive), settings.clientId());
    accepted(connect.type(), await(socket.request(Exchange.of(connect, will))));
  }

  /** The topic id of a name, asked for with REGISTER unless it is known already. */
  public NormalId register(String topicName) {
    NormalId known = await(socket.call(protocol -> protocol.idOf(topicName)));
    if (known != null) {
      return known;
    }
    RegAck regAck = (RegAck) request(new Register(0, 0, topicName));
    return new NormalId(regAck.topicId());
  }

  /**
   * Publishes; returns when the acknowledgements of the QoS are there, at once with QoS 0 and -1.
   */
  public void publish(PublishTopic topic, Qos qos, boolean retain, Octets data) {
    request(new Publish(false, qos, retain, topic, 0, data));
  }

  /** Publishes on a name, which is registered when needed, and again if the gateway forgot it. */
  public void publish(String topicName, Qos qos, boolean retain, Octets data) {
    NormalId topic = register(topicName);
    try {
      publish(topic, qos, retain, data);
    } catch (ClientException e) {
      if (e.returnCode() != ReturnCode.INVALID_TOPIC_ID) {
        throw e;
      }
      // §6.6: register again before publishing on that topic.
      socket.execute(protocol -> protocol.forget(topic));
      publish(register(topicName), qos, retain, data);
    }
  }

  public SubAck subscribe(SubscribeTopic topic, Qos qos) {
    return (SubAck) request(new Subscribe(false, qos, 0, topic));
  }

  public void unsubscribe(SubscribeTopic topic) {
    request(new Unsubscribe(0, topic));
  }

  public void ping() {
    request(new PingReq(""));
  }

  /** Goes to sleep (§6.14); the gateway keeps messages until {@link #wake}. */
  public void sleep(Duration duration) {
    request(new Disconnect(seconds(duration)));
  }

  /** Collects what the gateway kept, for {@link #receive}; returns when the client sleeps again. */
  public void wake() {
    request(new PingReq(settings.clientId()));
  }

  public void updateWillTopic(WillTopicUpd update) {
    request(update);
  }

  public void updateWillMsg(WillMsgUpd update) {
    request(update);
  }

  public void disconnect() {
    request(new Disconnect(0));
  }

  /** Any request; its answer may be a rejection. The protocol chooses the MsgId. */
  public CompletableFuture<ToClient> begin(ToGateway request) {
    return socket.request(Exchange.of(request));
  }

  /**
   * The next message of the gateway, null if none came in time.
   *
   * @throws ClientException if the connection ended without this client having asked for it, or if
   *     the gateway refused a publish with QoS 0
   */
  public @Nullable Received receive(Duration patience) {
    try {
      ClientAction next = received.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (next instanceof ClientAction.Deliver deliver) {
        return deliver.message();
      } else if (next instanceof ClientAction.Ended ended) {
        throw new ClientException(ended.failure());
      } else if (next instanceof ClientAction.Refused refused) {
        throw new ClientException(MessageType.PUBLISH, refused.pubAck().returnCode());
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException(Failure.CLOSED);
    }
  }

  /** Closes the socket without a word to the gateway, as a client does that loses its power. */
  @Override
  public void close() {
    socket.close();
  }

  private ToClient request(ToGateway request) {
    return accepted(request.type(), await(begin(request)));
  }

  private static ToClient accepted(MessageType request, ToClient answer) {
    ReturnCode returnCode = returnCode(answer);
    if (returnCode != ReturnCode.ACCEPTED) {
      throw new ClientException(request, returnCode);
    }
    return answer;
  }

  private static ReturnCode returnCode(ToClient answer) {
    if (answer instanceof ConnAck connAck) {
      return connAck.returnCode();
    } else if (answer instanceof RegAck regAck) {
      return regAck.returnCode();
    } else if (answer instanceof PubAck pubAck) {
      return pubAck.returnCode();
    } else if (answer instanceof SubAck subAck) {
      return subAck.returnCode();
    } else if (answer instanceof WillTopicResp willTopicResp) {
      return willTopicResp.returnCode();
    } else if (answer instanceof WillMsgResp willMsgResp) {
      return willMsgResp.returnCode();
    }
    return ReturnCode.ACCEPTED;
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ClientException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException(Failure.CLOSED);
    }
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
