package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.DocumentedAnswers;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a server with headers of one's own: what a browser or a program would send.
 *
 * @param server the server
 * @param headers names and values in turn, sent with each request
 */
record AccessCalls(GovernedServer server, List<String> headers) {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String COOKIE = "indelible_session=";

  AccessCalls {
    headers = List.copyOf(headers);
  }

  /** An answer. */
  record Answer(int status, HttpHeaders headers, String text) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }

    String code() {
      return text.startsWith("{") ? json().path("code").asString("") : "";
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    Answer expect(int wanted) {
      assertThat(status).as(text).isEqualTo(wanted);
      return this;
    }

    /** The value of the cookie that it sets. */
    String cookie() {
      String set = header("Set-Cookie");
      assertThat(set).startsWith(COOKIE);
      return set.substring(COOKIE.length(), set.indexOf(';'));
    }
  }

  static AccessCalls nobody(GovernedServer server) {
    return new AccessCalls(server, List.of());
  }

  static AccessCalls operator(GovernedServer server) {
    return nobody(server).bearer(server.key);
  }

  AccessCalls bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  /** A browser that shows a session's cookie on a page of this server. */
  AccessCalls browser(String cookie) {
    return nobody(server).with("Cookie", COOKIE + cookie).with("Sec-Fetch-Site", "same-origin");
  }

  AccessCalls with(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name);
    more.add(value);
    return new AccessCalls(server, more);
  }

  Answer call(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server().port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Eventually.LIMIT)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    DocumentedAnswers.check(
        method,
        path,
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body());
    return new Answer(answer.statusCode(), answer.headers(), answer.body());
  }

  /** The body of an answer that is not text. */
  byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server().port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Eventually.LIMIT)
                .headers(headers.toArray(String[]::new))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** What is answered; where it needs a checkpoint, once one covers it. */
  Answer get(String path) throws IOException, InterruptedException {
    return Eventually.see(
        "a checkpoint that covers " + path,
        () -> call("GET", path, ""),
        answer -> answer.status() != 503 || !answer.code().equals("not_published"));
  }

  Answer post(String path, String body) throws IOException, InterruptedException {
    return call("POST", path, body.replace('\'', '"'));
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return call("DELETE", path, "");
  }

  /** A sign-in link's code. */
  String code(String body) throws IOException, InterruptedException {
    String url = post("/v1/sign-in-links", body).expect(201).json().path("url").asString();
    return url.substring(url.indexOf('#') + 1);
  }

  /** A browser signed in by a link. */
  AccessCalls signedIn(String linkBody) throws IOException, InterruptedException {
    String code = code(linkBody);
    return browser(
        nobody(server).post("/v1/session", "{'code':'" + code + "'}").expect(201).cookie());
  }

  /** A key of a tenant. */
  AccessCalls key(String tenant, String names) throws IOException, InterruptedException {
    return nobody(server)
        .bearer(
            post("/v1/tenants/" + tenant + "/keys", "{'name':'k','permissions':[" + names + "]}")
                .expect(201)
                .json()
                .path("secret")
                .asString());
  }

  /** The token of a viewer session. */
  AccessCalls viewer(String tenant, String body) throws IOException, InterruptedException {
    return nobody(server)
        .bearer(
            post("/v1/tenants/" + tenant + "/viewer-sessions", body)
                .expect(201)
                .json()
                .path("token")
                .asString());
  }
}
