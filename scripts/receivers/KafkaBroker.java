import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * A broker of Kafka alone on this machine, in the folder that is given. The second argument is the
 * host that it gives to clients; 127.0.0.1 where there is none.
 */
class KafkaBroker {

  private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg";

  private KafkaBroker() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int port = free();
    int control = free();
    String shown = arguments.length > 1 ? arguments[1] : "127.0.0.1";
    Properties settings = new Properties();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + control);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + control);
    settings.put("advertised.listeners", "PLAINTEXT://" + shown + ":" + port);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", folder.resolve("data").toString());
    settings.put("num.partitions", "3");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    Path file = folder.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    int formatted =
        StorageTool.execute(new String[] {"format", "-t", CLUSTER, "-c", file.toString()}, System.out);
    if (formatted != 0) {
      System.exit(formatted);
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    Files.writeString(folder.resolve("port"), port + "\n");
    // It ends with whoever started it.
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }

  private static int free() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }
}
