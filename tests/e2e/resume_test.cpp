#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

constexpr std::size_t kSize = 100'000;
constexpr std::size_t kNewStart = 7;  // of the origin's second version

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::string pattern(std::size_t size, std::size_t from = 0) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = leat::origin::pattern_byte(from + i);
  return text;
}

// This is another URL each time, since the origin counts what it has answered for each.
std::string body_url(const std::string& query) {
  static int last = 0;
  return origin().url("/range/100000/" + std::to_string(++last) + "/x.bin?" + query);
}

JsonLine first_line(const Finished& finished) {
  const auto lines = lines_of(finished.out);
  REQUIRE_FALSE(lines.empty());
  return JsonLine(lines.front());
}

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "%26";
    else if (c == '?')
      out += "%3F";
    else
      out += c;
  }
  return out;
}

/// The server cuts one URL the first time, and then the same command fetches it again.
struct Resumed {
  explicit Resumed(const std::string& query) : url(body_url(query)) {}

  JsonLine run(std::vector<std::string> more = {"--retry", "0"}) {
    more.insert(more.begin(), {"get", "-O", dir.path()});
    more.push_back(url);
    return first_line(run_leat(more));
  }
  void cut(double size = 50'000) {
    const auto line = run();
    CHECK(line.error_code() == "truncated");
    CHECK(line.is_null("filename"));
    CHECK(fs::file_size(dir / "x.bin.part") == size);
    CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
  }
  void check_whole(const JsonLine& line, double resumed_from) const {
    CHECK(line.error_message() == "");
    CHECK(line.text("outcome") == "ok");
    CHECK(line.number("resumed_from") == resumed_from);
    CHECK(read_file(dir / "x.bin") == pattern(kSize));
    CHECK(dir.names() == Names{"x.bin"});
  }

  TempDir dir;
  std::string url;
};

}  // namespace

TEST_CASE("resume: a body that was cut is continued by the next run where it ended") {
  Resumed file("cut=50000&times=1");
  file.cut();
  const auto line = file.run();
  CHECK(line.number("status") == 206);
  CHECK(line.number("size_download") == 50'000);
  file.check_whole(line, 50'000);
}

TEST_CASE("resume: a transfer that is cut is continued by the retry in the same run") {
  Resumed file("cut=50000&times=1");
  const auto line = file.run({"--retry", "1"});
  CHECK(line.number("num_retries") == 1);
  CHECK(line.number("size_download") == 50'000);
  file.check_whole(line, 50'000);
}

TEST_CASE("resume: a chunked body that was cut is continued, too") {
  Resumed file("chunked=1&cut=50000&times=1");
  const auto line = file.run({"--retry", "1"});
  CHECK(line.number("resumed_from") > 49'000);  // the bytes of the chunks themselves are sent, too
  file.check_whole(line, line.number("resumed_from"));
}

TEST_CASE("resume: a body that is only held in memory is continued in the same run") {
  const auto lines =
      json_lines(run_leat({"get", "--retry", "1", "--include", "body", body_url("cut=50000&times=1")}).out);
  CHECK(lines.at(0).number("resumed_from") == 50'000);
  CHECK(lines.at(0).text("body").size() >= kSize);
}

TEST_CASE("resume: if a server answers a range in a wrong way, the whole body is fetched again") {
  for (const char* fault : {"wrong-start", "no-content-range", "wrong-total", "416-always"}) {
    CAPTURE(fault);
    Resumed file(std::string("cut=50000&times=1&fault=") + fault);
    file.cut();
    const auto line = file.run();
    CHECK(line.number("num_retries") == 0);
    CHECK(line.number("status") == 200);
    file.check_whole(line, 0);
  }
}

TEST_CASE(
    "resume: a server without ranges sends the whole body, and the file is started again in the same "
    "request") {
  Resumed file("cut=50000&times=1&fault=ignore-range");
  file.cut();
  const auto before = origin().stats().requests;
  const auto line = file.run();
  CHECK(origin().stats().requests == before + 1);
  file.check_whole(line, 0);
}

TEST_CASE(
    "resume: a body that is shorter than its Content-Range is truncated, and the bytes that came count") {
  Resumed file("cut=50000&times=1&fault=short");
  file.cut();
  const auto line = file.run();
  CHECK(line.error_code() == "truncated");
  CHECK(fs::file_size(file.dir / "x.bin.part") == 75'000);
  CHECK_FALSE(fs::exists(file.dir / "x.bin"));
}

TEST_CASE("resume: another version is fetched from its beginning, never mixed with the old one") {
  Resumed file("cut=50000&times=1&changes-after=1");
  file.cut();
  const auto line = file.run();
  CHECK(line.text("outcome") == "ok");
  CHECK(line.text("etag") == "\"new\"");
  CHECK(line.number("resumed_from") == 0);
  CHECK(read_file(file.dir / "x.bin") == pattern(kSize, kNewStart));
}

TEST_CASE("resume: another version is never mixed with the old one by a retry in the same run either") {
  Resumed file("cut=50000&times=1&changes-after=1");
  CHECK(file.run({"--retry", "2"}).number("resumed_from") == 0);
  CHECK(read_file(file.dir / "x.bin") == pattern(kSize, kNewStart));
}

TEST_CASE("resume: without an ETag the date of the last modification is the condition") {
  Resumed file("etag=&cut=50000&times=1");
  file.cut();
  file.check_whole(file.run(), 50'000);
  Resumed changed("etag=&cut=50000&times=1&changes-after=1");
  changed.cut();
  CHECK(changed.run().number("resumed_from") == 0);
  CHECK(read_file(changed.dir / "x.bin") == pattern(kSize, kNewStart));
}

TEST_CASE("resume: with a weak ETag or an encoded body, nothing is continued and nothing kept") {
  for (const char* query : {"weak=1&", "coded=1&"}) {
    CAPTURE(query);
    Resumed file(std::string(query) + "cut=50000&times=1");
    CHECK(file.run().error_code() == "truncated");
    CHECK(file.dir.names().empty());
    CHECK(file.run({"--retry", "1"}).number("resumed_from") == 0);
    Resumed again(std::string(query) + "cut=50000&times=1");
    CHECK(again.run({"--retry", "1"}).number("resumed_from") == 0);
    CHECK(read_file(again.dir / "x.bin") == pattern(kSize));
  }
}

TEST_CASE("resume: a .part with all bytes is complete if the server says that there are no more") {
  Resumed file("cut=50000&times=1");
  file.cut();
  write_file(file.dir / "x.bin.part", pattern(kSize));
  const auto line = file.run();
  CHECK(line.number("status") == 416);
  file.check_whole(line, kSize);
}

TEST_CASE("resume: a .part that is longer than the body is not complete") {
  Resumed file("cut=50000&times=1");
  file.cut();
  write_file(file.dir / "x.bin.part", pattern(kSize + 10));
  file.check_whole(file.run(), 0);
}

TEST_CASE("resume: a .part belongs to the URL that it was made for, and to no other") {
  Resumed file("cut=50000&times=1");
  file.cut();
  file.url = origin().url("/range/100000/other/x.bin?changes-after=0");
  CHECK(file.run().number("resumed_from") == 0);
  CHECK(read_file(file.dir / "x.bin") == pattern(kSize, kNewStart));
  CHECK(file.dir.names() == Names{"x.bin"});
}

TEST_CASE("resume: a .part without a note, or with half a one, is not trusted") {
  for (const bool halved : {false, true}) {
    Resumed file("cut=50000&times=1");
    file.cut();
    write_file(file.dir / "x.bin.part", std::string(50'000, 'x'));
    const std::string note = file.dir / "x.bin.part.resume";
    if (halved) {
      fs::resize_file(note, fs::file_size(note) - 2);
    } else {
      fs::remove(note);
    }
    file.check_whole(file.run(), 0);
  }
}

TEST_CASE("resume: an error on the way leaves what is there for later") {
  Resumed file("cut=50000&times=1&changes-after=99");
  file.cut();
  const std::string url = file.url;
  const auto text = read_file(file.dir / "x.bin.part.resume");
  file.url = "http://127.0.0.1:1" + url.substr(url.find("/range"));
  CHECK(file.run().error_code() == "connect_refused");
  CHECK(read_file(file.dir / "x.bin.part.resume") == text);
  file.url = url;
  file.check_whole(file.run(), 50'000);
}

TEST_CASE("resume: an answer without a body replaces nothing, and the file can still be continued") {
  for (const std::string status : {"204 No Content", "205 Reset Content"}) {
    CAPTURE(status);
    const TempDir dir;
    const auto fetch = [&dir](const std::string& answer) {
      const ScriptedServer server({{"/x.bin", Script(answer)}});
      // The port is another one each time, so the server is known by a name.
      return first_line(
          run_leat({"get", "-O", dir.path(), "--retry", "0", "--connect-to",
                    "a.test:80:127.0.0.1:" + server.url("").substr(17), "http://a.test/x.bin"}));
    };
    const std::string version = "ETag: \"v\"\r\n";
    const auto cut = fetch("HTTP/1.1 200 OK\r\n" + version + "Content-Length: 10\r\n\r\nhello");
    CHECK(cut.error_code() == "truncated");
    const auto none = fetch("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    CHECK(none.error_code() == "bad_response");
    CHECK(none.is_null("filename"));
    CHECK(dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
    CHECK(read_file(dir / "x.bin.part") == "hello");
    const auto rest = fetch("HTTP/1.1 206 Partial Content\r\n" + version +
                            "Content-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\nworld");
    CHECK(rest.number("resumed_from") == 5);
    CHECK(read_file(dir / "x.bin") == "helloworld");
    CHECK(dir.names() == Names{"x.bin"});
  }
}

TEST_CASE(
    "resume: an expected checksum is that of the whole body, including the part that was there before") {
  for (const bool right : {true, false}) {
    Resumed file("cut=50000&times=1");
    file.cut();
    if (!right) write_file(file.dir / "x.bin.part", std::string(50'000, 'x'));
    const TempDir other;
    write_file(other / "x", pattern(kSize));
    const std::string sum = run_process({"sha256sum", other / "x"}).out.substr(0, 64);
    const auto line = first_line(run_leat({"get", "-O", file.dir.path()},
                                          "{\"url\":\"" + file.url + "\",\"sha256\":\"" + sum + "\"}\n"));
    if (right) {
      file.check_whole(line, 50'000);
      CHECK(line.text("sha256") == sum);
    } else {
      CHECK(line.error_code() == "checksum_mismatch");
      CHECK(file.dir.names().empty());
    }
  }
}

TEST_CASE("resume: only --on-exist resume continues a .part; the others leave none") {
  for (const char* how : {"skip", "overwrite", "rename", "fail"}) {
    CAPTURE(how);
    Resumed file("cut=50000&times=2");
    CHECK(file.run({"--retry", "0", "--on-exist", how}).error_code() == "truncated");
    CHECK(file.dir.names().empty());
    file.cut();
    file.check_whole(file.run({"--on-exist", how}), 0);
  }
}

TEST_CASE("resume: a finished file is kept, and its record skipped") {
  Resumed file("");
  write_file(file.dir / "x.bin", "old");
  CHECK(file.run({"--on-exist", "resume"}).text("outcome") == "skipped");
  CHECK(read_file(file.dir / "x.bin") == "old");
}

TEST_CASE("resume: a large transfer is continued after SIGKILL") {
  Resumed file("cut=90000&times=1&then=hang");
  file.url.replace(file.url.find("100000"), 6, "3000000");
  file.url.replace(file.url.find("cut=90000"), 9, "cut=2000000");
  {
    Process killed({LEAT_BINARY, "get", "-O", file.dir.path(), file.url});
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    const auto has_come = [&] {
      std::error_code ignored;
      return fs::exists(file.dir / "x.bin.part.resume") &&
             fs::file_size(file.dir / "x.bin.part", ignored) == 2'000'000;
    };
    while (!has_come() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
    killed.signal(SIGKILL);
    killed.wait();
  }
  const auto line = file.run();
  CHECK(line.number("resumed_from") == 2'000'000);
  CHECK(read_file(file.dir / "x.bin") == pattern(3'000'000));
  CHECK(file.dir.names() == Names{"x.bin"});
}

TEST_CASE("resume: a cancelled record leaves its .part to be continued") {
  Resumed file("cut=60000&times=1&then=hang");
  Process leat({LEAT_BINARY, "get", "--grace", "0s", "-O", file.dir.path(), file.url});
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  const auto has_come = [&] {
    std::error_code ignored;
    return fs::file_size(file.dir / "x.bin.part", ignored) == 60'000;
  };
  while (!has_come() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
  leat.signal(SIGINT);
  leat.signal(SIGINT);
  CHECK(first_line(leat.wait()).text("outcome") == "cancelled");
  file.check_whole(file.run(), 60'000);
}

TEST_CASE("resume: Range and If-Range are sent along with a redirect, also to another origin") {
  Resumed file("cut=50000&times=1");
  OriginProcess other;
  file.url = other.url("/redirect-to/x.bin?url=") + encoded(file.url);
  file.cut();
  const auto line = file.run();
  CHECK(line.number("num_redirects") == 1);
  file.check_whole(line, 50'000);
}

TEST_CASE("resume: a range that the user asks for is left as it is") {
  Resumed file("cut=50000&times=1");
  const auto line = file.run({"--retry", "0", "-H", "Range: bytes=10-19"});
  CHECK(line.number("status") == 206);
  CHECK(read_file(file.dir / "x.bin") == pattern(10, 10));
}

TEST_CASE("resume: a 206 that nobody asked for is refused") {
  const TempDir dir;
  const auto line =
      first_line(run_leat({"get", "--retry", "0", "-O", dir.path(), origin().url("/status/206/x")}));
  CHECK(line.error_code() == "range_mismatch");
  CHECK(dir.names().empty());
}
