package dev.indelible.server.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.indelible.server.deliver.MailTerms.Security;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryChecksTest {

  @TempDir Path folder;

  @Test
  void aRootIsThereAndIsLeftAsItWas() throws Exception {
    assertThat(DeliveryChecks.root(folder)).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    assertThat(DeliveryChecks.root(folder.resolve("missing")))
        .hasValueSatisfying(why -> assertThat(why).contains("not there"));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(DeliveryChecks.root(file)).isPresent();
  }

  @Test
  void aMailServerIsSignedInToAndGetsNothing() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      server.setUser("user", "right");
      int port = server.getSmtp().getPort();
      for (String password : new String[] {"right", "wrong"}) {
        MailTerms terms =
            new MailTerms("127.0.0.1", port, Security.NONE, "user", password, "a@sender.test");
        assertThat(DeliveryChecks.mail(terms).isEmpty()).isEqualTo(password.equals("right"));
      }
      assertThat(server.getReceivedMessages()).isEmpty();
    } finally {
      server.stop();
    }
  }
}
