#!/usr/bin/env bash
# OpenSearch 3.9.0, a field of type flat_object.
#
# Behaviour: a document whose flat_object holds one text above 32,766 bytes is refused whole, with
# "Document contains at least one immense term in field=\"details._value\"". Nothing of the document is
# kept, not its other fields either. A plain dynamic mapping takes the same document: it makes a text with
# a keyword beside it that ignores what is above 256 characters.
#
# Why one would guess otherwise: the documentation of the type says "The maximum field value length in the
# dot notation is 2^24 - 1", and that the object is treated "as a string" whose subfields "are not indexed for
# fast lookup"; it is recommended for logs of unknown shape, so it is what one takes for the free part of an
# event. One long value (a stack trace, a certificate, a diff) then loses the event, and a mapping has no
# ignore_above to prevent it.
# The way out: dynamic templates that make every leaf below the object a keyword with ignore_above 8191.
#
# Ends with 0 while this is so, with 1 when it has changed, with 2 when it could not be tried.
set -u

command -v mvn >/dev/null && command -v java >/dev/null && command -v curl >/dev/null ||
  { echo "needs mvn, java (21 or later) and curl" >&2; exit 2; }
work=$(mktemp -d) || exit 2
trap 'exec 3>&-; wait; rm -rf "$work"' EXIT
cd "$work" || exit 2

cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.opensearch</groupId><artifactId>opensearch</artifactId><version>3.9.0</version></dependency>
    <dependency><groupId>org.opensearch.plugin</groupId><artifactId>transport-netty4-client</artifactId><version>3.9.0</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.5</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log >&2; exit 2; }

cat > One.java <<'JAVA'
import java.nio.file.*;
import java.util.*;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

class One extends Node {
  One(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "one"),
        List.of(
            new PluginInfo(
                "http", "HTTP", "3", Version.CURRENT, "21", Netty4ModulePlugin.class.getName(), null, List.of(), false)),
        false);
  }

  public static void main(String[] args) throws Exception {
    Settings.Builder settings = Settings.builder().put("path.home", args[0]).put("network.host", "127.0.0.1");
    settings.put("http.port", "0").put("transport.port", "0").put("discovery.type", "single-node");
    settings.put("http.type", "netty4").put("transport.type", "netty4").put("cluster.name", "finding");
    Node node = new One(settings.build()).start();
    int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
    Files.writeString(Path.of(args[0], "port"), port + "\n");
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(0);
  }
}
JAVA

# The node ends when its input does.
mkfifo input && mkdir home || exit 2
java -Xmx512m -cp 'lib/*' One.java home <input >java.log 2>&1 &
node=$!
exec 3>input
for _ in $(seq 300); do
  [ -s home/port ] && break
  kill -0 "$node" 2>/dev/null || { cat java.log >&2; exit 2; }
  sleep 0.5
done
[ -s home/port ] || { echo "the node did not start" >&2; exit 2; }
url=http://127.0.0.1:$(cat home/port)
put() { curl -s -m 60 -o answer -w '%{http_code}' -X PUT -H 'Content-Type: application/json' "$url$1" -d "$2"; }

[ "$(put /flat '{"mappings":{"properties":{"details":{"type":"flat_object"}}}}')" = 200 ] || { cat answer >&2; exit 2; }
long=$(printf 'x%.0s' $(seq 32767))
plain=$(put /plain/_doc/1 "{\"action\":\"user.login\",\"details\":{\"trace\":\"$long\"}}")
short=$(put /flat/_doc/1 "{\"action\":\"user.login\",\"details\":{\"trace\":\"${long:0:1000}\"}}")
flat=$(put /flat/_doc/2 "{\"action\":\"user.login\",\"details\":{\"trace\":\"$long\"}}")
echo "a text of 32,767 bytes: dynamic mapping $plain, flat_object $flat; one of 1,000 bytes: flat_object $short"
[ "$plain" = 201 ] && [ "$short" = 201 ] && [ "$flat" = 400 ] && grep -q 'immense term' answer && exit 0
echo "this has changed" >&2
exit 1
