package dev.indelible.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests that requests in the documents are accepted, and that their queries find something. */
class DocumentedCallsTest {

  private static final Pattern HEADING = Pattern.compile("## (\\S+) \\(.*");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  @RegisterExtension static final SharedServer.Extension SERVER = new SharedServer.Extension();

  @TempDir Path directory;

  private record Query(String tenant, String text) {}

  @Test
  void everyQueryOfTheDemonstrationFindsItsEntries() throws Exception {
    List<Query> queries = queriesOfTheDocument();
    assertThat(queries).hasSizeGreaterThan(25);
    try (ServerProcess server = ServerProcess.demo(directory.resolve("demo"))) {
      // It listens before its story is told.
      Eventually.see(
          "the story told to its end",
          server::output,
          said -> said.contains("Ctrl-C ends the demonstration"));
      Calls operator = server.operator();
      // What is told last is indexed last.
      Eventually.see(
          "no query of docs/demo.md that finds nothing",
          () -> silent(operator, queries),
          List::isEmpty);
    }
  }

  private static List<Query> queriesOfTheDocument() throws IOException {
    List<Query> queries = new ArrayList<>();
    String tenant = "";
    for (String line : Files.readAllLines(Path.of("..", "docs", "demo.md"), UTF_8)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        tenant = heading.group(1);
        continue;
      }
      String[] cells = line.split("\\|", -1);
      if (tenant.isEmpty() || cells.length < 5) {
        continue;
      }
      Matcher quoted = QUOTED.matcher(cells[3]);
      while (quoted.find()) {
        queries.add(new Query(tenant, quoted.group(1)));
      }
    }
    return queries;
  }

  private static List<Query> silent(Calls operator, List<Query> queries) throws Exception {
    List<Query> silent = new ArrayList<>();
    for (Query query : queries) {
      JsonNode page =
          operator
              .get(
                  "/v1/tenants/" + query.tenant() + "/events",
                  Map.of("q", query.text(), "limit", "1"))
              .expect(200)
              .json();
      if (page.path("entries").isEmpty()) {
        silent.add(query);
      }
    }
    return silent;
  }

  private record Example(String path, String type, String body) {}

  @Test
  void everyExampleOfARequestInTheContractIsAccepted() throws Exception {
    Calls operator = SERVER.operator();
    List<Example> examples = new ArrayList<>();
    JsonNode contract = operator.get("/openapi.json").expect(200).json();
    contract
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .at("/post/requestBody/content")
                    .properties()
                    .forEach(
                        content ->
                            add(examples, path.getKey(), content.getKey(), content.getValue())));
    assertThat(examples).hasSizeGreaterThan(6);
    // What is written to a tenant comes after what creates it.
    examples.sort(Comparator.comparing(example -> !example.path().equals("/v1/tenants")));
    for (Example example : examples) {
      String path = path(operator, example, examples);
      if (path.contains("{")) {
        continue; // about something that is made otherwise
      }
      Calls.Answer answer = operator.post(path, example.type(), example.body().getBytes(UTF_8));
      JsonNode responses =
          contract.path("paths").path(example.path()).path("post").path("responses");
      assertThat(answer.status())
          .as("%s %s: %s", example.path(), example.body(), answer.body())
          .isBetween(200, 202);
      assertThat(responses.has(Integer.toString(answer.status())))
          .as("%s is answered with %d, as the contract says", example.path(), answer.status())
          .isTrue();
      if (example.path().equals("/v1/events")) {
        assertThat(answer.json().path("rejected")).isEmpty();
      }
    }
  }

  /** Path of the example, with the id of something new where it is about one thing of several. */
  private static String path(Calls operator, Example example, List<Example> all) throws Exception {
    int parameter = example.path().indexOf("_id}");
    String path = example.path().replace("{tenant}", "acme");
    if (parameter < 0) {
      return path;
    }
    String collection = example.path().substring(0, example.path().lastIndexOf("/{", parameter));
    Example maker =
        all.stream().filter(other -> other.path().equals(collection)).findFirst().orElseThrow();
    String id =
        operator
            .post(
                collection.replace("{tenant}", "acme"), maker.type(), maker.body().getBytes(UTF_8))
            .expect(201)
            .json()
            .path("id")
            .asString();
    return path.replaceFirst("\\{\\w+_id}", id);
  }

  private static void add(List<Example> examples, String path, String type, JsonNode content) {
    List<JsonNode> values = new ArrayList<>();
    if (content.has("example")) {
      values.add(content.path("example"));
    }
    content.path("examples").forEach(example -> values.add(example.path("value")));
    for (JsonNode value : values) {
      String body = value.isString() ? value.asString() : value.toString();
      examples.add(new Example(path, type, body));
    }
  }
}
