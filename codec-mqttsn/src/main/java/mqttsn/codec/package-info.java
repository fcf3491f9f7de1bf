/**
 * MQTT-SN 1.2 messages as values, and their encoding. Needs Netty's buffers only.
 *
 * <p>A datagram goes through {@link mqttsn.codec.Decoder} and becomes one of four things:
 *
 * <ul>
 *   <li>a {@link mqttsn.codec.Message}, {@code ToGateway} or {@code ToClient} by the direction
 *       asked for;
 *   <li>an {@link mqttsn.codec.Unusable} request: refuse it with "rejected: not supported";
 *   <li>an {@link mqttsn.codec.Encapsulated} one of the two, from behind a forwarder;
 *   <li>a {@link mqttsn.codec.Reject}: count it, nothing else.
 * </ul>
 *
 * <p>A message goes through {@link mqttsn.codec.Encoder}; every message that exists can be encoded.
 *
 * <p>The codec judges what the octets of one datagram say. What needs a session, a configuration or
 * a broker to judge stays with the gateway:
 *
 * <table>
 *   <caption>Who refuses what</caption>
 *   <tr><th>here: Unusable</th><th>here: Reject</th><th>the gateway: decoded as a message</th></tr>
 *   <tr>
 *     <td>CONNECT: another ProtocolId; ClientId not UTF-8 or with U+0000</td>
 *     <td>any Length that does not fit the datagram; reserved types; the other side's types</td>
 *     <td>ClientId empty or too long; Duration 0</td>
 *   </tr>
 *   <tr>
 *     <td>WILLTOPIC, WILLTOPICUPD: QoS bits 0b11; Flags without a topic; not UTF-8 or with
 *         U+0000</td>
 *     <td>DISCONNECT with half a Duration; PINGREQ with a bad ClientId</td>
 *     <td>WILLTOPIC, WILLMSG outside the connect dialogue; wildcards in a will topic</td>
 *   </tr>
 *   <tr>
 *     <td>REGISTER: no name; not UTF-8 or with U+0000</td>
 *     <td>any field cut off, even MsgId alone; octets after the last field</td>
 *     <td>wildcards in the name; TopicId from a client; MsgId 0</td>
 *   </tr>
 *   <tr>
 *     <td>PUBLISH with QoS 0, 1, 2: TopicIdType 0b11; short name not UTF-8 or with U+0000</td>
 *     <td>PUBLISH with QoS -1 (never answered): the same, and a normal topic id</td>
 *     <td>unknown and reserved ids; MsgId 0 with QoS 1 or 2; wildcards in a short name</td>
 *   </tr>
 *   <tr>
 *     <td>SUBSCRIBE: QoS bits 0b11; TopicIdType 0b11; no name; not UTF-8 or with U+0000; a
 *         predefined id or short name that has not two octets</td>
 *     <td>UNSUBSCRIBE (its answer has no ReturnCode): the same</td>
 *     <td>unknown predefined ids; filters that are no filters; MsgId 0</td>
 *   </tr>
 * </table>
 *
 * <p>Lenient where it harms nobody: a needless three-octet Length is accepted, flag bits that a
 * message does not use are ignored, a DISCONNECT with Duration 0 is one without Duration, and a
 * reserved ReturnCode reads as "rejected: not supported".
 *
 * <p>MQTT-SN 2.0 shares the Length and nothing else with this package, so it would come as a
 * package beside this one, with messages, decoder and encoder of its own. The first datagram of an
 * address tells which one reads it: a CONNECT of 2.0 has the type code of SEARCHGW here, whose
 * Length is 3 in 1.2 and never less than 10 there.
 */
@NullMarked
package mqttsn.codec;

import org.jspecify.annotations.NullMarked;
