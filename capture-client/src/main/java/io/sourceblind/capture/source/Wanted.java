// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a reader looks at in the records of its tool. The rest, file contents mostly, is stepped
/// over in the stream and never becomes a value; its name stays, because names are counted.
final class Wanted {

  /// All of a value.
  static final Wanted ALL = new Wanted(Map.of(), null);

  /// Nothing of a value but that it is there.
  static final Wanted NONE = new Wanted(Map.of(), null);

  private final Map<String, Wanted> named;
  private final @Nullable Wanted others;

  private Wanted(Map<String, Wanted> named, @Nullable Wanted others) {
    // Asked for each field of each record; quicker than an unmodifiable one.
    this.named = new HashMap<>(named);
    this.others = others;
  }

  /// All of an object but what is named here, of which only so much is wanted. Of an array it is
  /// said of each element.
  static Wanted allBut(Map<String, Wanted> named) {
    return new Wanted(named, ALL);
  }

  /// Of an object only what is named here.
  static Wanted only(Set<String> whole, Map<String, Wanted> parts) {
    Map<String, Wanted> named = new HashMap<>(parts);
    whole.forEach(name -> named.put(name, ALL));
    return new Wanted(named, NONE);
  }

  /// What is wanted of the value that an object has by this name.
  Wanted of(String name) {
    return others == null ? this : named.getOrDefault(name, others);
  }
}
