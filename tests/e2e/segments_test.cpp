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
#include "tests/support/private_mounts.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Names = std::set<std::string>;

namespace {

constexpr std::size_t kSize = 4'000'000;
constexpr std::size_t kNewStart = 7;  // of the origin's second version

std::string pattern(std::size_t size, std::size_t from = 0) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = leat::origin::pattern_byte(from + i);
  return text;
}

/// Fetches one file of four million bytes in four segments, from an origin of its own. The first transfer is
/// slowed down so that it does not get everything before the others have begun.
struct Split {
  explicit Split(const std::string& query)
      : path("/range/4000000/x.bin"), url(origin.url(path + "?" + query)) {}

  [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"get",           "-O",  dir.path(),     "--segments", "4",
                                 "--min-segment", least, "--limit-rate", "4M"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Finished run(const std::vector<std::string>& more = {}) const {
    auto all = command(more);
    all.push_back(url);
    return run_leat(all);
  }
  JsonLine line(const std::vector<std::string>& more = {}) const {
    const auto lines = lines_of(run(more).out);
    REQUIRE(lines.size() == 1);
    return JsonLine(lines.front());
  }
  void check_whole(const JsonLine& line, std::size_t from = 0) const {
    CHECK(line.error_message() == "");
    CHECK(line.text("outcome") == "ok");
    CHECK(read_file(dir / "x.bin") == pattern(kSize, from));
    CHECK(dir.names() == Names{"x.bin"});
  }
  [[nodiscard]] std::uint64_t requests() const { return origin.requests_of(path); }
  /// Waits until the origin was asked that often, and until everything that a kill has to leave is noted.
  void kill_when(std::uint64_t noted, const std::vector<std::string>& more = {}, int signal = SIGKILL) const {
    auto all = command(more);
    all.insert(all.begin(), LEAT_BINARY);
    all.push_back(url);
    Process leat(all);
    const auto deadline = std::chrono::steady_clock::now() + 25s;
    while (noted_bytes() < noted && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    CHECK(noted_bytes() >= noted);
    leat.signal(signal);
    leat.wait();
  }
  [[nodiscard]] std::uint64_t noted_bytes() const {
    std::uint64_t sum = 0;
    if (!fs::exists(dir / "x.bin.part.resume")) return 0;
    for (const auto& text : lines_of(read_file(dir / "x.bin.part.resume"))) {
      if (text.starts_with("piece ")) sum += std::stoull(text.substr(text.rfind(' ') + 1));
    }
    return sum;
  }

  std::string least = "500k";  // of a segment
  OriginProcess origin;
  TempDir dir;
  std::string path;
  std::string url;
};

}  // namespace

TEST_CASE("segments: a large file comes over several connections at once, and is one record") {
  for (const char* threads : {"1", "2"}) {
    CAPTURE(threads);
    Split file("delay=700");
    const auto line = file.line({"--threads", threads});
    file.check_whole(line);
    CHECK(line.number("size_download") == kSize);
    CHECK(line.number("resumed_from") == 0);
    CHECK(line.number("num_retries") == 0);
    CHECK(line.number("status") == 206);
    CHECK(file.requests() == 4);
    CHECK(file.origin.stats().peak >= 3);
  }
}

TEST_CASE(
    "segments: a small file, one without ranges and one without a certain version come in one request") {
  for (const char* query :
       {"/range/900000/x.bin?", "/range/4000000/x.bin?fault=ignore-range", "/range/4000000/x.bin?weak=1",
        "/range/4000000/x.bin?coded=1", "/range/4000000/x.bin?chunked=1&fault=ignore-range"}) {
    CAPTURE(query);
    Split file("");
    const std::string path(query);
    file.url = file.origin.url(path);
    CHECK(file.line().text("outcome") == "ok");
    CHECK(file.origin.requests_of(path.substr(0, path.find('?'))) == 1);
    const std::size_t size = path.starts_with("/range/9") ? 900'000 : kSize;
    CHECK(read_file(file.dir / "x.bin") == pattern(size));
  }
}

TEST_CASE("segments: an empty file is no error") {
  Split file("");
  file.url = file.origin.url("/range/0/x.bin");
  CHECK(file.line().text("outcome") == "ok");
  CHECK(read_file(file.dir / "x.bin").empty());
}

TEST_CASE("segments: --min-segment says how much of a file is worth a connection") {
  Split file("delay=300");
  file.least = "3M";
  CHECK(file.line().text("outcome") == "ok");
  CHECK(file.requests() == 1);
  Split other("delay=300");
  other.least = "1900k";
  CHECK(other.line().text("outcome") == "ok");
  CHECK(other.requests() == 2);
}

TEST_CASE("segments: with one slot, or one for each host, the segments come one after the other") {
  for (const char* cap : {"--jobs", "--per-host"}) {
    CAPTURE(cap);
    Split file("");
    file.check_whole(file.line({cap, "1"}));
    CHECK(file.origin.stats().peak == 1);
  }
}

TEST_CASE(
    "segments: after SIGKILL the same command continues each segment, and fetches none again from its "
    "start") {
  Split file("cut=400000&times=1&then=hang");
  file.kill_when(3'400'000);
  const auto before = file.requests();
  const auto line = file.line();
  file.check_whole(line);
  CHECK(file.requests() == before + 1);
  CHECK(line.number("resumed_from") >= 3'400'000);
  CHECK(line.number("resumed_from") + line.number("size_download") == kSize);
}

TEST_CASE("segments: a command without segments continues what they left, too, and checks it") {
  Split file("cut=400000&times=1&then=hang");
  file.kill_when(3'400'000);
  const auto sum = run_process({"sha256sum"}, pattern(kSize)).out.substr(0, 64);
  const auto run = run_leat({"get", "-O", file.dir.path(), "-i", "-"},
                            R"({"url":")" + file.url + R"(","sha256":")" + sum + "\"}\n");
  const JsonLine line(lines_of(run.out).at(0));
  file.check_whole(line);
  CHECK(line.text("sha256") == sum);
  CHECK(line.number("resumed_from") >= 3'400'000);
}

TEST_CASE("segments: the rest of a file that was cut is split") {
  Split file("cut=1000000&times=1&delay=300");
  CHECK(JsonLine(lines_of(run_leat({"get", "--retry", "0", "-O", file.dir.path(), file.url}).out).at(0))
            .error_code() == "truncated");
  const auto line = file.line();
  file.check_whole(line);
  CHECK(line.number("resumed_from") == 1'000'000);
  CHECK(file.requests() == 5);
}

TEST_CASE("segments: SIGINT leaves the segments to be continued") {
  Split file("cut=400000&times=1&then=hang");
  file.kill_when(3'400'000, {"--grace", "50ms"}, SIGINT);
  CHECK(file.dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
  const auto line = file.line();
  file.check_whole(line);
  CHECK(line.number("resumed_from") >= 3'400'000);
}

TEST_CASE("segments: each segment that is cut is continued by itself") {
  Split file("cut=600000&times=4&delay=100");
  const auto line = file.line();
  file.check_whole(line);
  CHECK(line.number("num_retries") >= 1);
  CHECK(line.number("size_download") == kSize);
}

TEST_CASE("segments: a file that has another version now is fetched completely, never mixed") {
  Split in_the_middle("changes-after=2&delay=300");
  const auto line = in_the_middle.line();  // the first transfer may have got all of the old version
  const bool is_new = read_file(in_the_middle.dir / "x.bin") != pattern(kSize);
  in_the_middle.check_whole(line, is_new ? kNewStart : 0);
  Split later("cut=400000&times=1&then=hang&changes-after=4");
  later.kill_when(3'400'000);
  const auto again = later.line();
  later.check_whole(again, kNewStart);
  CHECK(again.number("resumed_from") == 0);
}

TEST_CASE("segments: if a server lies about ranges, its whole body is taken") {
  for (const char* fault : {"wrong-start", "no-content-range", "wrong-total", "416-always", "ignore-range"}) {
    CAPTURE(fault);
    Split always(std::string("fault=") + fault);
    always.check_whole(always.line());
    Split later(std::string("fault-from=1&cut=100000&times=1&delay=300&fault=") + fault);
    later.check_whole(later.line());
  }
}

TEST_CASE("segments: a segment that stays short fails the record, and what has come is kept") {
  Split file("fault=short&fault-from=1");
  const auto line = file.line({"--retry", "1"});
  CHECK(line.error_code() == "truncated");
  CHECK(file.dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
}

TEST_CASE(
    "segments: a 503 with Retry-After for one segment is waited for, and a status that stays is the "
    "record's") {
  Split busy("busy=503&retry-after=1&delay=200");
  const auto started = std::chrono::steady_clock::now();
  const auto line = busy.line();
  busy.check_whole(line);
  CHECK(line.number("num_retries") == 1);
  CHECK(std::chrono::steady_clock::now() - started > 1s);
  Split gone("busy=404&delay=400");
  const auto failed = gone.line();
  CHECK(failed.error_code() == "http_status");
  CHECK(failed.number("status") == 404);
}

TEST_CASE(
    "segments: mirrors share the load, and one that fails or has another version leaves it to the others") {
  const OriginProcess second;
  Split file("delay=200");
  const auto run = [&](const std::string& mirror) {
    fs::remove(file.dir / "x.bin");
    const std::string input = R"({"url":")" + file.url + R"(","mirrors":[")" + mirror + "\"]}\n";
    auto command = file.command({"-i", "-"});
    return JsonLine(lines_of(run_leat(command, input).out).at(0));
  };
  file.check_whole(run(second.url("/range/4000000/x.bin?delay=200")));
  CHECK(second.stats().requests >= 2);
  file.check_whole(run(second.url("/range/4000000/other.bin?etag=v2")));
  file.check_whole(run(second.url("/status/404/x.bin")));
  file.check_whole(run("http://127.0.0.1:1/x.bin"));
}

TEST_CASE("segments: a wrong checksum leaves no file, and names may be made from the content") {
  Split file("");
  const auto run = run_leat(file.command({"-i", "-"}),
                            R"({"url":")" + file.url + R"(","md5":")" + std::string(32, '0') + "\"}\n");
  CHECK(JsonLine(lines_of(run.out).at(0)).error_code() == "checksum_mismatch");
  CHECK(file.dir.names().empty());
  const auto sum = run_process({"sha256sum"}, pattern(kSize)).out.substr(0, 64);
  const auto named = run_leat({"get", "--segments", "4", "-o", (file.dir / "{sha256}"), file.url});
  CHECK(named.status == 0);
  CHECK(file.dir.names() == Names{sum});
}

TEST_CASE("segments: --max-size refuses the file before its space is reserved") {
  Split file("");
  CHECK(file.line({"--max-size", "3M"}).error_code() == "body_too_large");
  CHECK(file.dir.names().empty());
}

TEST_CASE("segments: if there is no room for all of it, the disk is full at once") {
  Split file("");
  const std::string mount = "mount -t tmpfs -o size=1M tmpfs " + file.dir.path();
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return;
  }
  Process process({"unshare", "-m", "/bin/sh", "-c",
                   mount + " && exec \"$0\" get --segments 4 -O " + file.dir.path() + " " + file.url,
                   LEAT_BINARY});
  const auto run = process.wait();
  CHECK(run.status == 3);
  const JsonLine line(lines_of(run.out).at(0));
  CHECK(line.error_code() == "disk_full");
  CHECK(line.error_message().find("make room for 4000000 bytes") != std::string::npos);
}

TEST_CASE("segments: --limit-rate holds for all segments together") {
  for (const char* threads : {"1", "2"}) {
    CAPTURE(threads);
    Split file("");
    const auto line = file.line({"--limit-rate", "2M", "--threads", threads});
    file.check_whole(line);
    CHECK(file.requests() == 4);
    // A busy machine makes it slower, and nothing makes it faster.
    CHECK(line.number("size_download") / line.number("time_total") <= 2.2e6);
    CHECK(line.number("size_download") / line.number("time_total") >= 1e6);
  }
}

TEST_CASE("segments: a segment that receives no byte for --stall goes on over another connection") {
  Split file("cut=400000&times=1&then=hang");
  const auto line = file.line({"--stall", "1s"});
  file.check_whole(line);
  CHECK(line.number("num_retries") >= 1);
  CHECK(line.number("size_download") == kSize);
  Split never("cut=400000&times=1000000&then=hang");
  const auto stalled = never.line({"--stall", "500ms", "--retry", "0"});
  CHECK(stalled.error_code() == "stalled");
  CHECK(never.dir.names() == Names{"x.bin.part", "x.bin.part.resume"});
}

TEST_CASE("segments: --durable syncs the file before it has its name") {
  Split file("delay=200");
  file.check_whole(file.line({"--durable"}));
  CHECK(file.requests() == 4);
  // An fsync that fails shows that there was one, and that the name comes after it.
  Split damaged("delay=200");
  damaged.path = "/range/4000000/damaged.bin";
  auto command = damaged.command({"--durable", damaged.origin.url(damaged.path)});
  command.insert(command.begin(),
                 {"env", "LD_PRELOAD=" LEAT_FAULTY_SYSTEM, "LEAT_TEST_EIO=fsync", LEAT_BINARY});
  const auto run = run_process(command);
  CHECK(run.status == 1);
  CHECK(JsonLine(lines_of(run.out).at(0)).error_code() == "file_error");
  CHECK_FALSE(damaged.dir.names().contains("damaged.bin"));
}

TEST_CASE("segments: --if-changed fetches nothing of an unchanged file, and all of a changed one") {
  Split file("delay=200&changes-after=5");
  file.check_whole(file.line({"--if-changed"}));
  CHECK(file.requests() == 4);
  const auto same = file.line({"--if-changed"});
  CHECK(same.text("outcome") == "not_modified");
  CHECK(same.number("status") == 304);
  CHECK(file.requests() == 5);
  CHECK(read_file(file.dir / "x.bin") == pattern(kSize));
  file.check_whole(file.line({"--if-changed"}), kNewStart);
}

TEST_CASE("segments: wrong options are named") {
  const auto refused = [](const std::vector<std::string>& more) {
    std::vector<std::string> all{"get", "http://127.0.0.1:1/x"};
    all.insert(all.end(), more.begin(), more.end());
    const auto run = run_leat(all);
    CHECK(run.status == 2);
    return run.err;
  };
  CHECK(refused({"--segments", "0"}).find("--segments: \"0\" given; takes a number from 1 to 64") !=
        std::string::npos);
  CHECK(refused({"--min-segment", "0"}).find("--min-segment: \"0\" given; takes a size of 1 byte or more") !=
        std::string::npos);
  CHECK(refused({"--segments", "2", "--race", "2"}).find("leave one of them out") != std::string::npos);
  const auto spec = run_leat({"check", "lines | fetch segments=2 race=2"});
  CHECK(spec.status == 2);
  CHECK((spec.err + spec.out).find("segments= asks all mirrors for a part each") != std::string::npos);
}
