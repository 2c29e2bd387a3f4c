import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** A node of OpenSearch alone on this machine, in the folder that is given. */
class OpenSearchNode extends Node {

  private OpenSearchNode(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"),
        List.of(
            new PluginInfo(
                "transport-netty4",
                "HTTP",
                "3",
                Version.CURRENT,
                "21",
                Netty4ModulePlugin.class.getName(),
                null,
                List.of(),
                false)),
        false);
  }

  public static void main(String[] arguments) throws Exception {
    Node node =
        new OpenSearchNode(
            Settings.builder()
                .put("path.home", Path.of(arguments[0]).toString())
                .put("network.host", "127.0.0.1")
                .put("http.port", "0")
                .put("transport.port", "0")
                .put("http.type", "netty4")
                .put("transport.type", "netty4")
                .put("discovery.type", "single-node")
                .put("cluster.name", "test")
                .build())
        .start();
    Files.writeString(
        Path.of(arguments[0], "port"),
        Integer.toString(
            node.injector()
                .getInstance(HttpServerTransport.class)
                .boundAddress()
                .publishAddress()
                .getPort())
            + "\n");
    // Its threads keep no process alive; it ends with whoever started it.
    while (System.in.read() >= 0) {}
    node.close();
  }
}
