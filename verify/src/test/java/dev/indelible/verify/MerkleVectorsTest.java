package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors of the transparency.dev Merkle implementations, for proofs that hold and do not. */
class MerkleVectorsTest {

  private static final int VECTORS = 518;

  private static final JsonMapper JSON = JsonMapper.shared();

  /** How one kind of vector is checked. */
  private interface Check {
    Verdict run(JsonNode vector);
  }

  @Test
  void allOfThemAreThere() throws IOException {
    assertThat(files("")).hasSize(VECTORS);
  }

  @TestFactory
  Stream<DynamicTest> inclusion() throws IOException {
    return tests(
        "inclusion",
        v ->
            InclusionProof.inTree(unsigned(v, "leafIdx"), unsigned(v, "treeSize"), proof(v))
                .check(hash(v, "leafHash"), hash(v, "root")));
  }

  @TestFactory
  Stream<DynamicTest> consistency() throws IOException {
    return tests(
        "consistency",
        v ->
            ConsistencyProof.betweenSizes(unsigned(v, "size1"), unsigned(v, "size2"), proof(v))
                .checkGrowth(hash(v, "root1"), hash(v, "root2")));
  }

  @TestFactory
  Stream<DynamicTest> subtreeInclusion() throws IOException {
    return tests(
        "subtreeinclusion",
        v ->
            new InclusionProof(
                    unsigned(v, "leafIdx"),
                    new Subtree(unsigned(v, "start"), unsigned(v, "end")),
                    proof(v))
                .check(hash(v, "leafHash"), hash(v, "root")));
  }

  @TestFactory
  Stream<DynamicTest> subtreeConsistency() throws IOException {
    return tests(
        "subtreeconsistency",
        v ->
            new ConsistencyProof(
                    new Subtree(unsigned(v, "start"), unsigned(v, "end")),
                    unsigned(v, "size"),
                    proof(v))
                .check(hash(v, "root1"), hash(v, "root2")));
  }

  private static Stream<DynamicTest> tests(String kind, Check check) throws IOException {
    List<Path> files = files(kind);
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> run(file, check)));
  }

  private static void run(Path file, Check check) {
    JsonNode vector = JSON.readTree(file.toFile());
    boolean holds;
    try {
      holds = check.run(vector).holds();
    } catch (NoHash e) {
      // Where a hash is of no bytes, there is nothing that could be handed to a check.
      holds = false;
    }
    assertThat(holds).as("%s", vector).isEqualTo(!vector.get("wantErr").asBoolean());
  }

  private static List<Path> files(String kind) throws IOException {
    try (Stream<Path> walk = Files.walk(SharedData.vectors("merkle").resolve(kind))) {
      return walk.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  /**
   * Parses an unsigned number into its 64 bits: beyond 2^63 it comes out negative, which no check
   * accepts.
   */
  private static long unsigned(JsonNode vector, String field) {
    BigInteger value = vector.get(field).bigIntegerValue();
    assertThat(value.bitLength()).isLessThanOrEqualTo(64);
    return value.longValue();
  }

  private static List<Hash> proof(JsonNode vector) {
    List<Hash> proof = new ArrayList<>();
    vector.get("proof").forEach(node -> proof.add(hash(node.asString())));
    return proof;
  }

  private static Hash hash(JsonNode vector, String field) {
    return hash(vector.get(field).asString());
  }

  /**
   * Some vectors hold where a root may be anything, and write words like "don't care" there: any
   * hash does that is another one for other words.
   */
  private static Hash hash(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length == 0) {
      throw new NoHash();
    }
    return bytes.length == Hash.BYTES ? Hash.of(bytes) : Rfc6962.leafHash(bytes);
  }

  private static final class NoHash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
