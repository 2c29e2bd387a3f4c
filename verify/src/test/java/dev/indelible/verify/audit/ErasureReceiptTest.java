package dev.indelible.verify.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The receipt of {@code docs/formats/erasure-receipt.md}, and what is not one. */
class ErasureReceiptTest {

  private static final String COMMITMENT =
      "4e7544077d8f1e3c44d347c76c622755c08581cf61d9743f7be85523a76c96cc";
  private static final String RECEIPT =
      """
      {"receipt":"erasure","version":1,"tenant":"acme","erasure":"erasure-1","identifiers":["u_7","ana@acme.test","Jos\u00e9"],"salt":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","commitment":"4e7544077d8f1e3c44d347c76c622755c08581cf61d9743f7be85523a76c96cc"}
      """;

  private static ErasureReceipt read(String text) throws ExportFormatException {
    return ErasureReceipt.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theExampleOfTheDocumentAgreesAndIsMadeAgain() throws Exception {
    ErasureReceipt receipt = read(RECEIPT);
    assertThat(receipt.agrees()).isTrue();
    assertThat(receipt.commitment()).isEqualTo(COMMITMENT);
    assertThat(receipt.identifiers()).containsExactly("u_7", "ana@acme.test", "Jos\u00e9");
    byte[] salt = new byte[ErasureReceipt.SALT_BYTES];
    for (int i = 0; i < salt.length; i++) {
      salt[i] = (byte) i;
    }
    assertThat(ErasureReceipt.of("acme", "erasure-1", receipt.identifiers(), salt))
        .isEqualTo(receipt);
    // The same letters parted otherwise are another request.
    assertThat(
            ErasureReceipt.of("acme", "erasure-1", List.of("u_7ana@acme.test", "Jos\u00e9"), salt)
                .commitment())
        .isNotEqualTo(COMMITMENT);
  }

  @Test
  void whateverIsChangedNoLongerAgrees() throws Exception {
    for (String[] change :
        new String[][] {
          {"u_7", "u_8"},
          {"acme\"", "acmf\""},
          {"erasure-1", "erasure-2"},
          {"AAEC", "AAED"},
          {"\"u_7\",", ""},
          {COMMITMENT.substring(0, 8), "00000000"}
        }) {
      assertThat(RECEIPT).contains(change[0]);
      assertThat(read(RECEIPT.replace(change[0], change[1])).agrees()).as(change[0]).isFalse();
    }
  }

  @Test
  void whatIsNoReceiptIsRefused() {
    List<String> wrong = new ArrayList<>(List.of("", "{}", "[]", "receipt"));
    wrong.add(RECEIPT.replace("\"version\":1", "\"version\":2"));
    wrong.add(RECEIPT.strip().substring(0, 80));
    wrong.add(RECEIPT.strip() + "x");
    for (String text : wrong) {
      assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(ExportFormatException.class);
    }
  }
}
