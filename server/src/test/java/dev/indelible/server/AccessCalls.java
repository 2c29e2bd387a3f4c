package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.Request;
import dev.indelible.client.StreamedAnswer;
import dev.indelible.server.api.DocumentedAnswers;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpHeaders;
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
    Request request = request(method, path);
    var answer = server.client().send(body.isEmpty() ? request : request.json(body));
    DocumentedAnswers.check(
        method, path, answer.status(), answer.header("Content-Type"), answer.text());
    return new Answer(answer.status(), answer.headers(), answer.text());
  }

  private Request request(String method, String path) {
    Request request = Request.of(method, path);
    for (int i = 0; i < headers.size(); i += 2) {
      request = request.header(headers.get(i), headers.get(i + 1));
    }
    return request;
  }

  /** The body of an answer that is not text. */
  byte[] bytes(String path) throws IOException, InterruptedException {
    var answer = server.client().send(request("GET", path));
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** An answer that is read as it arrives. */
  StreamedAnswer open(String path) throws IOException, InterruptedException {
    return server.client().open(request("GET", path));
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
