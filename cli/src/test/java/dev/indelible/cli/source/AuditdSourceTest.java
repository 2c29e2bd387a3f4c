package dev.indelible.cli.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The raw log of the Linux audit daemon, as the kernel and login programs write it. */
class AuditdSourceTest {

  private static List<SourceRecord> read(String log) throws IOException {
    RawFile file = new RawFile("audit.log", "a", new ByteArrayInputStream(log.getBytes(UTF_8)));
    try (RecordSource source = new AuditdSource(file)) {
      List<SourceRecord> records = new ArrayList<>();
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        records.add(record);
      }
      return records;
    }
  }

  private static JsonNode tree(SourceRecord record) {
    assertThat(record).isInstanceOf(Parsed.class);
    return ((Parsed) record).tree();
  }

  private static String written(JsonNode node) {
    return node.toString().replace('"', '\'');
  }

  @Test
  void theLinesOfAnEventAreOneRecordByTheirTypes() throws IOException {
    String log =
        """
        type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 a0=7fff auid=500 comm="cat" exe="/bin/cat" key="sshd_config"
        type=USER_END msg=audit(1364481363.300:24288): pid=9 msg='op=PAM:session_close acct="ana b" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.9 terminal=ssh res=success'
        type=CWD msg=audit(1364481363.243:24287):  cwd="/home/shadowman"
        type=PATH msg=audit(1364481363.243:24287): item=0 name="/etc/ssh/sshd_config" inode=1
        type=PATH msg=audit(1364481363.243:24287): item=1 name=2F746D702F6120C3A4 inode=2
        type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F6574632F7373682F737368645F636F6E666967
        type=EOE msg=audit(1364481363.243:24287):
        """;
    List<SourceRecord> records = read(log);
    assertThat(records).hasSize(2);
    JsonNode first = tree(records.get(0));
    assertThat(first.path("type").asString()).isEqualTo("SYSCALL");
    assertThat(first.path("time").asString()).isEqualTo("1364481363.243");
    assertThat(first.path("serial").asString()).isEqualTo("24287");
    assertThat(written(first.at("/fields")))
        .isEqualTo(
            "{'arch':'c000003e','syscall':'2','success':'no','exit':'-13','a0':'7fff',"
                + "'auid':'500','comm':'cat','exe':'/bin/cat','key':'sshd_config'}");
    assertThat(first.at("/PATH/1/name").asString()).isEqualTo("/tmp/a ä");
    assertThat(first.at("/PROCTITLE/0/proctitle").asString()).isEqualTo("cat /etc/ssh/sshd_config");
    JsonNode second = tree(records.get(1));
    assertThat(written(second.at("/fields")))
        .isEqualTo(
            "{'pid':'9','op':'PAM:session_close','acct':'ana b','exe':'/usr/sbin/sshd',"
                + "'hostname':'?','addr':'203.0.113.9','terminal':'ssh','res':'success'}");
    assertThat(records.get(1).place().line()).isEqualTo(2);
  }

  @Test
  void whatTheDaemonAddsAndWhatUsersChooseIsKeptApart() throws IOException {
    String log =
        "node=web1 type=USER_LOGIN msg=audit(1700000000.001:7): pid=1 auid=1000"
            + " msg='op=login acct=28696E76616C6964207573657229 exe=\"/bin/login\" res=failed'"
            + "\u001dUID=\"root\" AUID=\"it's\"\n"
            + "type=EXECVE msg=audit(1700000000.002:8): argc=2 a0=\"sh\" a1=2D6320C3A9\n"
            + "type=SYSCALL msg=audit(1700000000.003:9): a0=2D63 key=(null)\n";
    List<SourceRecord> records = read(log);
    assertThat(tree(records.get(0)).path("node").asString()).isEqualTo("web1");
    assertThat(written(tree(records.get(0)).at("/fields")))
        .isEqualTo(
            "{'pid':'1','auid':'1000','op':'login','acct':'(invalid user)','exe':'/bin/login',"
                + "'res':'failed','UID':'root','AUID':'it's'}");
    assertThat(tree(records.get(1)).at("/fields/a1").asString()).isEqualTo("-c é");
    assertThat(tree(records.get(2)).at("/fields/a0").asString()).isEqualTo("2D63");
  }

  @Test
  void eventsComeInTheirOrderAndAFewAreKeptOpen() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 3 * AuditdSource.MAX_OPEN; i++) {
      log.append("type=SYSCALL msg=audit(1.0:%d): n=%d\n".formatted(i, i));
    }
    log.append("type=PATH msg=audit(1.0:%d): late=1\n".formatted(3 * AuditdSource.MAX_OPEN - 2));
    List<SourceRecord> records = read(log.toString());
    assertThat(records).hasSize(3 * AuditdSource.MAX_OPEN);
    for (int i = 0; i < records.size(); i++) {
      assertThat(tree(records.get(i)).path("serial").asInt()).isEqualTo(i);
    }
    assertThat(tree(records.get(records.size() - 2)).at("/PATH/0/late").asString()).isEqualTo("1");
  }

  @Test
  void aLineOfAnotherProgramIsRefused() throws IOException {
    List<SourceRecord> records = read("hello\n\ntype=X msg=audit(1.5:2): a=\"b\n");
    assertThat(records.get(0)).isInstanceOf(Unreadable.class);
    assertThat(tree(records.get(1)).at("/fields/a").asString()).isEqualTo("\"b");
  }

  @Test
  void anEventOfTooManyLinesIsRefusedByLine() throws IOException {
    List<SourceRecord> records =
        read("type=PATH msg=audit(1.0:1): a=1\n".repeat(AuditdSource.MAX_EVENT_LINES + 1));
    assertThat(records).hasSize(2);
    assertThat(records).filteredOn(Unreadable.class::isInstance).hasSize(1);
  }
}
