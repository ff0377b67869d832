// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every tree up to 40 leaves against the definition of RFC 9162, written down as it stands there.
class TreeTest {
  private static final int MOST = 40;
  private static final List<Hash> LEAVES =
      IntStream.range(0, MOST).mapToObj(i -> Hash.ofLeaf(("leaf " + i).getBytes(UTF_8))).toList();

  @Test
  void rootsAreThoseOfTheDefinition() {
    for (var size = 0; size <= MOST; size++) {
      var frontier = new Frontier();
      LEAVES.subList(0, size).forEach(leaf -> frontier.add(leaf.bytes()));

      assertThat(tree(size).root()).isEqualTo(naiveRoot(LEAVES.subList(0, size)));
      assertThat(frontier.root()).isEqualTo(tree(size).root());
    }
  }

  @Test
  void theRootsOfTheRfcsOwnExamplesHold() {
    // The vectors of RFC 6962's reference implementation: the empty tree, and seven leaves of it.
    var inputs =
        Stream.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
            .map(hex -> Hash.ofLeaf(HexFormat.of().parseHex(hex)))
            .toList();

    assertThat(Hash.ofNothing().hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(inputs.getFirst().hex())
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(new Tree(7, of(inputs)).root().hex())
        .isEqualTo("ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
  }

  @Test
  void aTreeGoesOnWhereItWasLeft() {
    for (var size = 0; size < MOST; size++) {
      var frontier = Frontier.of(size, of(LEAVES));

      frontier.add(LEAVES.get(size).bytes());

      assertThat(frontier.root()).isEqualTo(tree(size + 1).root());
    }
  }

  @Test
  void aFrontierKnowsWhatItsLastLeafCompleted() {
    var frontier = new Frontier();
    LEAVES.subList(0, 24).forEach(leaf -> frontier.add(leaf.bytes()));

    assertThat(frontier.completed(3)).isEqualTo(of(LEAVES).at(3, 2));
    assertThatIllegalStateException()
        .isThrownBy(() -> frontier.completed(4))
        .withMessage("No subtree of level 4 ends here");
  }

  @Test
  void everyLeafIsProvedAndNothingElseIs() {
    for (var size = 1; size <= MOST; size++) {
      var root = tree(size).root();
      for (var index = 0; index < size; index++) {
        var path = tree(size).inclusion(index);
        var leaf = LEAVES.get(index);

        assertThat(path).isEqualTo(naivePath(index, LEAVES.subList(0, size)));
        assertThat(Proof.includes(leaf, index, size, path, root)).isTrue();
        for (var broken : broken(path)) {
          assertThat(Proof.includes(leaf, index, size, broken, root)).isFalse();
        }
        for (var other = -1; other <= size + 1; other++) {
          assertThat(Proof.includes(leaf, other, size, path, root)).isEqualTo(other == index);
        }
        assertThat(Proof.includes(Hash.ofLeaf(new byte[] {9}), index, size, path, root)).isFalse();
      }
    }
  }

  @Test
  void aLeafPastTheEndIsRefusedThoughItsPathWouldFit() {
    // A tree of three: the third leaf has the path of one that would be number 3 of 3.
    var path = tree(3).inclusion(2);

    assertThat(Proof.includes(LEAVES.get(2), 3, 3, path, tree(3).root())).isFalse();
    assertThat(Proof.includes(LEAVES.get(2), 2, 3, path, tree(3).root())).isTrue();
  }

  @Test
  void everySmallerTreeIsProvedAndNothingElseIs() {
    for (var larger = 1; larger <= MOST; larger++) {
      for (var smaller = 0; smaller <= larger; smaller++) {
        var path = tree(larger).consistency(smaller);
        var before = tree(smaller).root();
        var after = tree(larger).root();

        assertThat(Proof.extend(smaller, before, larger, after, path)).isTrue();
        for (var broken : broken(path)) {
          assertThat(Proof.extend(smaller, before, larger, after, broken)).isFalse();
        }
        assertThat(Proof.extend(smaller, LEAVES.getLast(), larger, after, path)).isFalse();
        // Everything begins with nothing.
        assertThat(Proof.extend(smaller, before, larger, LEAVES.getLast(), path))
            .isEqualTo(smaller == 0);
        assertThat(Proof.extend(larger + 1, before, larger, after, path)).isFalse();
        assertThat(Proof.extend(-1, before, larger, after, path)).isFalse();
      }
    }
  }

  @Test
  void aTreeThatWasRewrittenHasNoProof() {
    var rewritten = new ArrayList<>(LEAVES);
    rewritten.set(4, Hash.ofLeaf("another".getBytes(UTF_8)));
    var after = new Tree(30, of(rewritten));

    for (var smaller = 5; smaller < 30; smaller++) {
      assertThat(
              Proof.extend(
                  smaller, tree(smaller).root(), 30, after.root(), after.consistency(smaller)))
          .isFalse();
    }
    assertThat(Proof.extend(4, tree(4).root(), 30, after.root(), after.consistency(4))).isTrue();
  }

  @Test
  void whatIsNotThereCannotBeProved() {
    assertThatIllegalArgumentException().isThrownBy(() -> tree(5).inclusion(5));
    assertThatIllegalArgumentException().isThrownBy(() -> tree(5).inclusion(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> tree(5).consistency(6));
    assertThatIllegalArgumentException().isThrownBy(() -> tree(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hash.of(new byte[31]))
        .withMessage("A hash has 32 bytes, not 31");
  }

  /// One too short, one too long, each step altered.
  private static List<List<Hash>> broken(List<Hash> path) {
    var broken = new ArrayList<List<Hash>>();
    if (!path.isEmpty()) {
      broken.add(path.subList(0, path.size() - 1));
      broken.add(path.subList(1, path.size()));
    }
    broken.add(Stream.concat(path.stream(), Stream.of(Hash.ofNothing())).toList());
    for (var step = 0; step < path.size(); step++) {
      var altered = new ArrayList<>(path);
      altered.set(step, Hash.ofNothing());
      broken.add(altered);
    }
    return broken;
  }

  private static Tree tree(int size) {
    return new Tree(size, of(LEAVES));
  }

  private static Subtrees of(List<Hash> leaves) {
    return (level, index) -> {
      var count = 1 << level;
      var from = Math.toIntExact(index) * count;
      return naiveRoot(leaves.subList(from, from + count));
    };
  }

  private static Hash naiveRoot(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.ofNothing();
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    var k = naiveSplit(leaves.size());
    return Hash.ofNode(
        naiveRoot(leaves.subList(0, k)), naiveRoot(leaves.subList(k, leaves.size())));
  }

  private static List<Hash> naivePath(int index, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    var k = naiveSplit(leaves.size());
    var left = leaves.subList(0, k);
    var right = leaves.subList(k, leaves.size());
    return index < k
        ? Stream.concat(naivePath(index, left).stream(), Stream.of(naiveRoot(right))).toList()
        : Stream.concat(naivePath(index - k, right).stream(), Stream.of(naiveRoot(left))).toList();
  }

  private static int naiveSplit(int leaves) {
    var k = 1;
    while (k * 2 < leaves) {
      k *= 2;
    }
    return k;
  }
}
