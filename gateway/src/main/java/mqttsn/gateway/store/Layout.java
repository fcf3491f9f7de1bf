package mqttsn.gateway.store;

import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * What is in a file.
 *
 * @param key what the configuration calls the file
 * @param format version of all this, from 1; the file of a later one is set aside
 * @param named maps from texts to octets
 * @param numbered maps from numbers to octets
 */
record Layout(String key, int format, List<String> named, List<String> numbered) {

  MVMap<String, byte[]> named(MVStore store, String name) {
    return store.openMap(
        name,
        new MVMap.Builder<String, byte[]>()
            .keyType(StringDataType.INSTANCE)
            .valueType(OctetsType.INSTANCE));
  }

  MVMap<Long, byte[]> numbered(MVStore store, String name) {
    return store.openMap(
        name,
        new MVMap.Builder<Long, byte[]>()
            .keyType(LongDataType.INSTANCE)
            .valueType(OctetsType.INSTANCE));
  }
}
