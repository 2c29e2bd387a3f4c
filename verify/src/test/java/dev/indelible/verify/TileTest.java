package dev.indelible.verify;

import static dev.indelible.verify.MerkleTreeTest.assertFails;
import static dev.indelible.verify.MerkleTreeTest.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.Verdict.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 256, tile/0/000",
    "0, 1234067, 256, tile/0/x001/x234/067",
    "0, 1234067, 8, tile/0/x001/x234/067.p/8",
    "3, 999, 255, tile/3/999.p/255",
    "2, 1000, 1, tile/2/x001/000.p/1",
    "7, 0, 127, tile/7/000.p/127",
    "0, 36028797018963966, 256, tile/0/x036/x028/x797/x018/x963/966"
  })
  void isNamedAsTheDocumentSays(int level, long index, int width, String path) {
    Tile tile = new Tile(level, index, width);
    assertThat(tile.path()).isEqualTo(path);
    assertThat(LogResource.parse(path)).isEqualTo(new Parsed.Ok<>(tile));
    if (level == 0) {
      EntryBundle bundle = new EntryBundle(index, width);
      assertThat(bundle.path()).isEqualTo(path.replace("tile/0", "tile/entries"));
      assertThat(LogResource.parse(bundle.path())).isEqualTo(new Parsed.Ok<>(bundle));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile//000",
        "/tile/0/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/-01",
        "tile/0/+01",
        "tile/0/000/",
        "tile/00/000",
        "tile/+0/000",
        "tile/8/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/Entries/000",
        "tile/entries",
        "tile/7/000",
        "tile/7/001",
        "tile/0/x036/x028/x797/x018/x963/967",
        "tile/0/x036/x028/x797/x018/x963/968.p/1",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u0661\u0662\u0663",
        "tile/0/x001/\u0000",
        "tile/0/../0/000",
        "tile/data/000"
      })
  void anyOtherSpellingIsRefused(String path) {
    assertThat(LogResource.parse(path)).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void aPathIsReadUpToItsLimit() {
    String longest = "tile/entries/x036/x028/x797/x018/x963/966.p/255";
    assertThat(LogResource.parse(longest)).isInstanceOf(Parsed.Ok.class);
    assertThat(longest.length()).isLessThan(LogResource.MAX_PATH_CHARS);
    assertThat(LogResource.parse("tile/0/" + "x001/".repeat(13)))
        .isEqualTo(
            new Parsed.Malformed<LogResource>("tile path", "start", "longer than 64 characters"));
  }

  @Test
  void aTreeHasTheTilesOfTheDocumentsExample() {
    long size = 70_000;
    assertThat(Tile.widthIn(size, 0, 272)).isEqualTo(256);
    assertThat(Tile.in(size, 0, 273)).contains(new Tile(0, 273, 112));
    assertThat(Tile.in(size, 0, 274)).isEmpty();
    assertThat(Tile.in(size, 1, 0)).contains(new Tile(1, 0, 256));
    assertThat(Tile.in(size, 1, 1)).contains(new Tile(1, 1, 17));
    assertThat(Tile.in(size, 2, 0)).contains(new Tile(2, 0, 1));
    assertThat(Tile.in(size, 3, 0)).isEmpty();
    assertThat(EntryBundle.in(size, 273)).contains(new EntryBundle(273, 112));
    assertThat(Tile.in(256, 1, 0)).contains(new Tile(1, 0, 1));
    assertThat(Tile.in(256, 0, 1)).isEmpty();
    assertThat(Tile.in(0, 0, 0)).isEmpty();
    assertThat(Tile.in(Long.MAX_VALUE, 7, 0)).contains(new Tile(7, 0, 127));
  }

  @Test
  void tilesBuiltFromTheFrontiersReturnsGiveEveryRootAndProof() throws IOException {
    int size = 70_000;
    TreeHasher hasher = new TreeHasher();
    TreeFrontier frontier = TreeFrontier.empty();
    List<List<Hash>> rows = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Hash leaf : MerkleTreeTest.leaves(size)) {
      int height = frontier.append(leaf, hasher);
      for (int level = 0; level * Tile.HEIGHT <= height; level++) {
        rows.get(level).add(frontier.completed(level * Tile.HEIGHT));
      }
    }
    TileSource source = tile -> cut(rows, tile);
    TileReader reader = new TileReader(size, source);
    Hash root = frontier.root(hasher);
    assertHolds(reader.check(root));
    assertFails(Problem.WRONG_ROOT, reader.check(Rfc6962.EMPTY_ROOT));
    assertThat(reader.tree().frontier().hashes()).isEqualTo(frontier.hashes());
    MerkleTree inMemory = MerkleTree.ofLeafHashes(rows.get(0));
    for (long at : new long[] {1, 255, 256, 257, 65_535, 65_536, 65_537, 69_887, 69_999}) {
      assertThat(reader.tree().inclusionProof(at)).isEqualTo(inMemory.inclusionProof(at));
      assertHolds(reader.tree().inclusionProof(at).check(reader.leafHash(at), root));
      assertThat(reader.tree().consistencyProof(at)).isEqualTo(inMemory.consistencyProof(at));
    }
  }

  @Test
  void provesLeavesAndGrowthOfTreesOfUpTo2To40Leaves() throws IOException {
    provesLeavesAndGrowth(6962, 100);
  }

  @Test
  @Tag("long")
  void provesLeavesAndGrowthOfManyTreesOfUpTo2To40Leaves() throws IOException {
    provesLeavesAndGrowth(9162, 1_000);
  }

  private static void provesLeavesAndGrowth(long seed, int rounds) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      long size = 1 + random.nextLong(1L << (1 + random.nextInt(40)));
      long old = 1 + random.nextLong(size);
      long index = random.nextLong(size);
      SyntheticLog log = new SyntheticLog(chosen(index, old, size));
      MerkleTree tree = new TileReader(size, log).tree();
      Hash root = tree.root();
      Hash oldRoot = new TileReader(old, log).tree().root();
      String claim = String.format(Locale.ROOT, "seed %d, %d and %d in %d", seed, index, old, size);

      InclusionProof inclusion = tree.inclusionProof(index);
      ConsistencyProof consistency = tree.consistencyProof(old);

      assertThat(inclusion.check(log.node(0, index), root))
          .as(claim)
          .isEqualTo(new Verdict.Holds());
      assertThat(consistency.checkGrowth(oldRoot, root)).as(claim).isEqualTo(new Verdict.Holds());
      assertThat(inclusion.hashes()).hasSizeLessThanOrEqualTo(40);
      InclusionProof next = InclusionProof.inTree(index + 1, size, inclusion.hashes());
      assertThat(next.check(log.node(0, index), root).holds()).as(claim).isFalse();
      ConsistencyProof other = ConsistencyProof.betweenSizes(old, size, consistency.hashes());
      assertThat(other.checkGrowth(log.node(0, index), root).holds() && old > 1).isFalse();
    }
    System.out.println("seed " + seed);
  }

  @Test
  void aFlippedBitInAnyTileThatAProofReadsMakesItFail() throws IOException {
    aFlippedBitMakesAProofFail(1729, 50);
  }

  @Test
  @Tag("long")
  void aFlippedBitInAnyTileThatManyProofsReadMakesThemFail() throws IOException {
    aFlippedBitMakesAProofFail(4104, 1_000);
  }

  private static void aFlippedBitMakesAProofFail(long seed, int rounds) throws IOException {
    Random random = new Random(seed);
    int caught = 0;
    for (int round = 0; round < rounds; round++) {
      long size = 2 + random.nextLong(1L << 30);
      long index = random.nextLong(size);
      SyntheticLog log = new SyntheticLog(chosen(index, size, size));
      Hash root = new TileReader(size, log).tree().root();
      long flipAt = random.nextInt(5);
      TileSource flipped =
          new TileSource() {
            private int reads;

            @Override
            public byte[] read(Tile tile) {
              byte[] bytes = log.read(tile);
              if (reads++ == flipAt) {
                // All of the tile, so that a hash the proof uses is among them.
                for (int i = 0; i < bytes.length; i += Hash.BYTES) {
                  bytes[i + random.nextInt(Hash.BYTES)] ^= (byte) (1 << random.nextInt(8));
                }
              }
              return bytes;
            }
          };
      InclusionProof proof = new TileReader(size, flipped).tree().inclusionProof(index);
      boolean same = proof.equals(new TileReader(size, log).tree().inclusionProof(index));
      assertThat(proof.check(log.node(0, index), root).holds()).as("seed %d", seed).isEqualTo(same);
      caught += same ? 0 : 1;
    }
    assertThat(caught).isGreaterThan(rounds / 2);
  }

  @Test
  void aTileOfAnotherLengthAndAMissingOneAreNamed() {
    TileReader shortTiles = new TileReader(300, tile -> new byte[tile.lengthBytes() - 1]);
    assertThatThrownBy(() -> shortTiles.leafHash(299))
        .isInstanceOf(MalformedTileException.class)
        .hasMessage("tile/0/001.p/44 has 1407 bytes, not 1408");
    TileReader noTiles =
        new TileReader(
            300,
            tile -> {
              throw new FileNotFoundException(tile.path());
            });
    assertThatThrownBy(() -> noTiles.tree().root()).hasMessageContaining("tile/");
    assertThatThrownBy(() -> noTiles.node(0, 300)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> noTiles.node(8, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tile(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tile(0, 0, 257)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsABoundedNumberOfTiles() throws IOException {
    int[] reads = {0};
    TileReader reader =
        new TileReader(
            1 << 20,
            tile -> {
              reads[0]++;
              return new byte[tile.lengthBytes()];
            });
    for (int round = 0; round < 2; round++) {
      for (int tile = 0; tile < TileReader.MAX_CACHED_TILES; tile++) {
        reader.leafHash(tile * 256L);
      }
      assertThat(reads[0]).isEqualTo(TileReader.MAX_CACHED_TILES);
    }
    reader.leafHash(TileReader.MAX_CACHED_TILES * 256L);
    reader.leafHash(0);
    assertThat(reads[0]).isEqualTo(TileReader.MAX_CACHED_TILES + 2);
  }

  private static Set<Long> chosen(long... leaves) {
    Set<Long> chosen = new TreeSet<>();
    chosen.add(leaves[0]);
    for (int i = 1; i < leaves.length; i++) {
      chosen.add(leaves[i] - 1);
    }
    return chosen;
  }

  private static byte[] cut(List<List<Hash>> rows, Tile tile) {
    byte[] bytes = new byte[tile.lengthBytes()];
    for (int i = 0; i < tile.width(); i++) {
      int at = Math.toIntExact(tile.index() * LogResource.FULL_WIDTH + i);
      rows.get(tile.level()).get(at).copyTo(bytes, i * Hash.BYTES);
    }
    return bytes;
  }
}
