#include "pipelines/state/recording.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/gather.hpp"
#include "engine/async/sleep.hpp"
#include "engine/http/client.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

class TextSink final : public http::BodySink {
 public:
  Status begin(const http::ResponseHead& head) override {
    heads.push_back(head);
    text.clear();
    return std::nullopt;
  }
  Status write(std::string_view bytes) override {
    text.append(bytes);
    if (text.size() > refuse_after) return Error(Errc::body_too_large, "enough");
    return std::nullopt;
  }
  std::vector<http::ResponseHead> heads;
  std::size_t refuse_after = std::string::npos;
  std::string text;
};

// Answers each request as the test says, as many times as it is asked.
class Fake final : public http::Performer {
 public:
  using Answer = std::function<Result<http::Response>(int n, http::BodySink& sink)>;
  explicit Fake(Answer answer) : answer_(std::move(answer)) {}
  async::Task<Result<http::Response>> perform(const http::Request&, http::BodySink& sink) override {
    co_await async::yield();
    co_return answer_(++asked, sink);
  }
  int asked = 0;

 private:
  Answer answer_;
};

class ClientPerformer final : public http::Performer {
 public:
  explicit ClientPerformer(async::EventLoop& loop) : client_(loop, http::ClientOptions()) {}
  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override {
    return client_.perform(request, sink);
  }

 private:
  http::Client client_;
};

Result<http::Response> respond(http::BodySink& sink, const std::string& body, int status = 200) {
  http::Response response;
  response.head.status = status;
  response.head.headers.append("Content-Type: text/plain\r\n");
  response.head.headers.append("Set-Cookie: sid=topsecret; Path=/\r\n");
  response.url_effective = "http://a.org/";
  response.http_version = "1.1";
  response.remote_ip = "127.0.0.1";
  response.time_total = 0.125;
  if (auto refused = sink.begin(response.head)) return std::move(*refused);
  for (std::size_t at = 0; at < body.size(); at += 16 * 1024) {
    if (auto refused = sink.write(std::string_view(body).substr(at, 16 * 1024))) return std::move(*refused);
  }
  response.size_download = body.size();
  return response;
}

ExchangeStore create(const std::string& directory) {
  auto store = ExchangeStore::create(directory);
  if (!store.ok()) FAIL(store.error().message);
  return std::move(*store);
}

ExchangeStore open(const std::string& directory) {
  auto store = ExchangeStore::open(directory);
  if (!store.ok()) FAIL(store.error().message);
  return std::move(*store);
}

ExchangePlayer play(const std::string& directory, Redactor redactor) {
  auto store = open(directory);
  auto makers = store.makers();
  REQUIRE(makers.ok());
  return ExchangePlayer(Recording(std::move(store), std::move(redactor)), std::move(*makers));
}

Result<http::Response> ask(http::Performer& performer, const http::Request& request, http::BodySink& sink) {
  async::EventLoop loop;
  return loop.run(performer.perform(request, sink));
}

// All bytes of all files below a directory.
std::string everything_in(const std::string& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    all += entry.path().string() + "\n";
    if (entry.is_regular_file()) all += tests::read_file(entry.path());
  }
  return all;
}

std::size_t files_in(const std::string& directory) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    count += entry.is_regular_file();
  return count;
}

struct Answered {
  std::string body;
  double time_total;
};

async::Task<std::vector<Answered>> record_all(async::EventLoop& loop, ExchangeStore store,
                                              std::vector<http::Request> requests) {
  ClientPerformer client(loop);
  Recording recording(std::move(store), Redactor());
  ExchangeRecorder recorder(client, recording);
  std::vector<TextSink> sinks(requests.size());
  std::vector<async::Task<Result<http::Response>>> tasks;
  for (std::size_t i = 0; i < requests.size(); ++i) tasks.push_back(recorder.perform(requests[i], sinks[i]));
  auto all = async::gather(std::move(tasks));
  const auto results = co_await std::move(all);
  std::vector<Answered> answers;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    REQUIRE(results[i].ok());
    answers.push_back({sinks[i].text, results[i].value().time_total});
  }
  co_return answers;
}

async::Task<void> cancel_soon(ExchangeRecorder& recorder, const http::Request& request, TextSink& sink) {
  auto task = async::spawn(recorder.perform(request, sink));
  for (int i = 0; i < 5; ++i) co_await async::yield();
  task.cancel();
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>((i * 31 + i / 251) & 0xff);
  return text;
}

}  // namespace

TEST_CASE("ExchangeRecorder: a recorded exchange is replayed byte for byte, with its times") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, std::size_t{64 * 1024}, std::size_t{1'000'000}}) {
    CAPTURE(size);
    const tests::TempDir directory;
    const std::string body = pattern(size);
    http::Request request("http://me:pw@a.org/x");
    http::RequestTimes times;
    times.started_at += 1'700'000'000s;
    times.waited = 5ms;
    request.times = &times;
    {
      Fake fake([&body](int, http::BodySink& sink) { return respond(sink, body); });
      Recording recording(create(directory / "r"), Redactor());
      ExchangeRecorder recorder(fake, recording);
      TextSink sink;
      const auto result = ask(recorder, request, sink);
      REQUIRE(result.ok());
      CHECK(result.value().head.headers.find("set-cookie") == "sid=topsecret; Path=/");
      CHECK(sink.text == body);
    }
    ExchangePlayer player = play(directory / "r", Redactor());
    http::RequestTimes replayed;
    request.times = &replayed;
    TextSink sink;
    const auto result = ask(player, request, sink);
    REQUIRE(result.ok());
    CHECK(sink.text == body);
    REQUIRE(sink.heads.size() == 1);
    CHECK(sink.heads[0].headers.find("content-type") == "text/plain");
    CHECK(result.value().time_total == 0.125);
    CHECK(result.value().remote_ip == "127.0.0.1");
    CHECK(result.value().head.headers.find("set-cookie") == "sid=(removed); Path=/");
    CHECK(replayed.started_at == times.started_at);
    CHECK(replayed.waited == times.waited);
    TextSink second;
    const auto missing = ask(player, request, second);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == Errc::not_recorded);
  }
}

TEST_CASE(
    "ExchangeRecorder: a repeated request gets the next answer of its kind, failures and retries included") {
  const tests::TempDir directory;
  const http::Request request("http://a.org/poll");
  {
    Fake fake([](int n, http::BodySink& sink) -> Result<http::Response> {
      if (n == 1) return Error(Errc::connect_refused, "nobody there");
      if (n == 2) {
        const auto begun = respond(sink, "half");
        CHECK(begun.ok());
        return Error(Errc::truncated, "4 of 8 bytes");
      }
      return respond(sink, "answer " + std::to_string(n), 200 + n);
    });
    Recording recording(create(directory / "r"), Redactor());
    ExchangeRecorder recorder(fake, recording);
    for (int i = 0; i < 4; ++i) {
      TextSink sink;
      CHECK(ask(recorder, request, sink).ok() == (i >= 2));
    }
  }
  ExchangePlayer player = play(directory / "r", Redactor());
  TextSink sink;
  auto result = ask(player, request, sink);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == Errc::connect_refused);
  CHECK(result.error().message == "nobody there");
  CHECK(result.error().retryable);
  CHECK(sink.heads.empty());
  result = ask(player, request, sink);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == Errc::truncated);
  CHECK(sink.text == "half");
  for (int n = 3; n <= 4; ++n) {
    result = ask(player, request, sink);
    REQUIRE(result.ok());
    CHECK(result.value().head.status == 200 + n);
    CHECK(sink.text == "answer " + std::to_string(n));
  }
}

TEST_CASE(
    "ExchangeRecorder: method, URL and body tell requests apart, and equal bodies of responses are kept "
    "once") {
  const tests::TempDir directory;
  std::vector<http::Request> requests;
  for (const char* body : {"", "a", "b"}) {
    http::Request& request = requests.emplace_back("http://a.org/");
    if (*body != '\0') request.body = body;
  }
  requests.emplace_back("http://a.org/?q");
  requests.emplace_back("http://a.org/").method = "HEAD";
  Fake fake([](int, http::BodySink& sink) { return respond(sink, "same"); });
  Recording recording(create(directory / "r"), Redactor());
  ExchangeRecorder recorder(fake, recording);
  TextSink sink;
  for (const auto& request : requests) CHECK(ask(recorder, request, sink).ok());
  CHECK(files_in(directory / "r/exchanges") == requests.size());
  CHECK(files_in(directory / "r/bodies") == 1);
  ExchangePlayer player = play(directory / "r", Redactor());
  for (const auto& request : requests) CHECK(ask(player, request, sink).ok());
  for (const auto& request : requests) CHECK_FALSE(ask(player, request, sink).ok());
}

TEST_CASE("ExchangeRecorder: no secret is in the recording, and a replay with other secrets finds it") {
  const tests::TempDir directory;
  const auto request_with = [](const std::string& secret) {
    http::Request request("http://me:" + secret + "@a.org/?token=" + secret);
    request.headers = {"Authorization: Bearer " + secret, "X-Mine: " + secret, "X-Part: a" + secret};
    request.body = "password=" + secret;
    return request;
  };
  {
    Fake fake([](int, http::BodySink& sink) -> Result<http::Response> {
      const auto sent = respond(sink, "public");
      CHECK(sent.ok());
      return Error(Errc::reset, "it is topsecret");
    });
    Recording recording(create(directory / "r"), Redactor({"x-mine"}, {"topsecret"}));
    ExchangeRecorder recorder(fake, recording);
    TextSink sink;
    CHECK_FALSE(ask(recorder, request_with("topsecret"), sink).ok());
  }
  const std::string all = everything_in(directory / "r");
  CHECK(all.find("public") != std::string::npos);
  CHECK(all.find("topsecret") == std::string::npos);
  ExchangePlayer player = play(directory / "r", Redactor({"x-mine"}, {"another"}));
  TextSink sink;
  const auto result = ask(player, request_with("another"), sink);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message == "it is another");
}

TEST_CASE(
    "ExchangeRecorder: an answer that its sink refused is refused again, and not given to a sink that would "
    "take it") {
  const tests::TempDir directory;
  const http::Request request("http://a.org/");
  const std::string body = pattern(100'000);
  Fake fake([&body](int, http::BodySink& sink) { return respond(sink, body); });
  Recording recording(create(directory / "r"), Redactor());
  ExchangeRecorder recorder(fake, recording);
  for (int i = 0; i < 2; ++i) {
    TextSink small;
    small.refuse_after = 50'000;
    const auto result = ask(recorder, request, small);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == Errc::body_too_large);
  }
  ExchangePlayer player = play(directory / "r", Redactor());
  TextSink small;
  small.refuse_after = 50'000;
  CHECK(ask(player, request, small).error().code == Errc::body_too_large);
  TextSink large;
  CHECK(ask(player, request, large).error().code == Errc::not_recorded);
}

TEST_CASE("ExchangeRecorder: an attempt that failed for lack of descriptors is not recorded") {
  const tests::TempDir directory;
  const http::Request request("http://a.org/");
  Fake fake([](int n, http::BodySink& sink) -> Result<http::Response> {
    if (n > 1) return respond(sink, "ok");
    Error error(Errc::connect_failed, "too many open files");
    error.os_errno = EMFILE;
    return error;
  });
  Recording recording(create(directory / "r"), Redactor());
  ExchangeRecorder recorder(fake, recording);
  TextSink sink;
  CHECK_FALSE(ask(recorder, request, sink).ok());
  CHECK(ask(recorder, request, sink).ok());
  ExchangePlayer player = play(directory / "r", Redactor());
  CHECK(ask(player, request, sink).ok());
}

TEST_CASE("ExchangeRecorder: a cancelled request leaves nothing") {
  const tests::TempDir directory;
  class Endless final : public http::Performer {
   public:
    async::Task<Result<http::Response>> perform(const http::Request&, http::BodySink& sink) override {
      const std::string body = pattern(200'000);
      auto begun = respond(sink, body);
      CHECK(begun.ok());
      async::Event never;
      auto wait = never.wait();
      co_await wait;
      co_return begun;
    }
  } endless;
  Recording recording(create(directory / "r"), Redactor());
  ExchangeRecorder recorder(endless, recording);
  const http::Request request("http://a.org/");
  TextSink sink;
  {
    async::EventLoop loop;
    loop.run(cancel_soon(recorder, request, sink));
  }
  CHECK(sink.text.size() == 200'000);
  CHECK(files_in(directory / "r/exchanges") == 0);
  CHECK(files_in(directory / "r/bodies") == 0);
}

TEST_CASE("ExchangeStore: directories with other content, and malformed or damaged recordings, are refused") {
  const tests::TempDir directory;
  tests::write_file(directory / "file", "x");
  const auto taken = ExchangeStore::create(directory.path());
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.error().message.find("it holds something else") != std::string::npos);
  CHECK_FALSE(ExchangeStore::create(directory / "none/r").ok());
  CHECK_FALSE(ExchangeStore::create(directory / "file").ok());
  const auto none = ExchangeStore::open(directory.path());
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message.find("holds no recording") != std::string::npos);

  const http::Request request("http://a.org/");
  Fake fake([](int, http::BodySink& sink) { return respond(sink, "body"); });
  Recording recording(create(directory / "r"), Redactor());
  ExchangeRecorder recorder(fake, recording);
  TextSink sink;
  REQUIRE(ask(recorder, request, sink).ok());
  for (const char* text : {"[[[[\n", "x 1 2\n", "x 1 2 3 4\n", "x -1 2 3x\n"}) {
    CAPTURE(text);
    tests::write_file(directory / "r/makers", text);
    const auto store = ExchangeStore::open(directory / "r");
    REQUIRE(store.ok());
    const auto makers = store.value().makers();
    REQUIRE_FALSE(makers.ok());
    CHECK(makers.error().message.find("makers': line 1 is none") != std::string::npos);
    tests::write_file(directory / "sequence", text);
    CHECK_FALSE(SequenceFile::read(directory / "sequence").ok());
  }
  tests::write_file(directory / "sequence", "1\n2\n3");  // cut by a kill
  auto ids = SequenceFile::read(directory / "sequence");
  REQUIRE(ids.ok());
  CHECK(ids.value() == std::vector<std::uint64_t>{1, 2});
  tests::write_file(directory / "sequence", std::string(1'000'000, '['));
  CHECK_FALSE(SequenceFile::read(directory / "sequence").ok());
  std::filesystem::remove(directory / "r/makers");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / "r/bodies")) {
    if (entry.is_regular_file()) tests::write_file(entry.path(), "bodY");
  }
  ExchangePlayer damaged_body = play(directory / "r", Redactor());
  CHECK(ask(damaged_body, request, sink).error().message.find("it has another checksum") !=
        std::string::npos);
  std::filesystem::remove_all(directory / "r/bodies");
  ExchangePlayer no_body = play(directory / "r", Redactor());
  CHECK(ask(no_body, request, sink).error().message.find("it is missing") != std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / "r/exchanges")) {
    if (entry.is_regular_file()) tests::write_file(entry.path(), "{");
  }
  ExchangePlayer damaged = play(directory / "r", Redactor());
  const auto result = ask(damaged, request, sink);
  CHECK(result.error().code == Errc::file_error);
  CHECK(result.error().message.find("the recording is damaged") != std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / "r/exchanges")) {
    if (!entry.is_regular_file()) continue;
    std::filesystem::remove(entry.path());
    REQUIRE(::mkfifo(entry.path().c_str(), 0600) == 0);
    break;
  }
  ExchangePlayer pipe = play(directory / "r", Redactor());
  CHECK(ask(pipe, request, sink).error().message.find("it is no regular file") != std::string::npos);
}

TEST_CASE(
    "ExchangeStore: a second recording into the same directory replaces the answers that it records again") {
  const tests::TempDir directory;
  const http::Request request("http://a.org/");
  for (const char* body : {"first", "second"}) {
    Fake fake([body](int, http::BodySink& sink) { return respond(sink, body); });
    Recording recording(create(directory / "r"), Redactor());
    ExchangeRecorder recorder(fake, recording);
    TextSink sink;
    CHECK(ask(recorder, request, sink).ok());
  }
  ExchangePlayer player = play(directory / "r", Redactor());
  TextSink sink;
  CHECK(ask(player, request, sink).ok());
  CHECK(sink.text == "second");
}

TEST_CASE("ExchangeRecorder: real answers of a server are replayed after it has ended, many at once") {
  const tests::TempDir directory;
  std::vector<http::Request> requests;
  std::vector<Answered> answers;
  {
    const tests::OriginProcess origin;
    for (int i = 0; i < 20; ++i) requests.emplace_back(origin.url("/headers/" + std::to_string(i)));
    async::EventLoop loop;
    answers = loop.run(record_all(loop, create(directory / "r"), requests));
  }
  ExchangePlayer player = play(directory / "r", Redactor());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    TextSink sink;
    const auto result = ask(player, requests[i], sink);
    REQUIRE(result.ok());
    CHECK(sink.text == answers[i].body);
    CHECK(result.value().time_total == answers[i].time_total);
    CHECK(result.value().head.status == 200);
  }
}
