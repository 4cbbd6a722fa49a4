// What a HostGate does with hosts that fail; see HostHealth.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/http/gate/host_gate.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

/// What a host of a test answers, by the number of the record and by the time.
using Answers = std::function<HostSign(int record, TimePoint now)>;

struct Start {
  std::string host;
  int record = 0;
  TimePoint at;
};

/// A gate with hosts that answer after a millisecond, on a manual clock.
struct Bed {
  explicit Bed(HostGateOptions options) : gate(loop, options) { clock.advance(1h); }

  ManualClock clock;
  EventLoop loop{&clock};
  HostGate gate;
  std::map<std::string, Answers> answers;
  std::vector<Start> starts;
  std::map<std::string, std::size_t> running;
  std::map<std::string, std::size_t> peak;
  int done = 0;
  int refused = 0;
  Duration takes = 1ms;
  bool of_proxy = false;  // everything that failed

  [[nodiscard]] int starts_at(const std::string& host, TimePoint from, TimePoint to) const {
    int count = 0;
    for (const auto& start : starts) count += start.host == host && start.at >= from && start.at < to ? 1 : 0;
    return count;
  }
};

// Tries until it gets a good answer, at intervals of a second.
Task<void> record(Bed& bed, std::string host, int number) {
  PageHistory page;
  for (int tries = 0;; ++tries) {
    auto slot = co_await bed.gate.enter(host, HostGate::Slot(), tries);
    if (!slot.held()) {
      ++bed.refused;
      co_return;
    }
    const TimePoint begun = bed.loop.now();
    bed.starts.push_back({host, number, begun});
    bed.peak[host] = std::max(bed.peak[host], ++bed.running[host]);
    co_await sleep_for(bed.takes);
    --bed.running[host];
    const HostSign sign = bed.answers[host](number, bed.loop.now());
    if (sign != HostSign::unreachable) slot.progress()->connected.store(true);
    Error why(Errc::connect_refused, "nobody listens");
    why.of_proxy = bed.of_proxy;
    bed.gate.report(host, sign, page, begun, sign == HostSign::good ? nullptr : &why);
    slot.reset();
    if (sign == HostSign::good) {
      ++bed.done;
      co_return;
    }
    co_await sleep_for(1s);
  }
}

Task<void> join(std::vector<TaskHandle<void>> tasks) {
  for (auto& task : tasks) co_await task;
}

Task<void> records(Bed& bed, std::vector<std::pair<std::string, int>> wanted) {
  std::vector<TaskHandle<void>> tasks;
  for (auto& [host, number] : wanted) tasks.push_back(spawn(record(bed, host, number)));
  auto joining = join(std::move(tasks));
  co_await std::move(joining);
}

std::vector<std::pair<std::string, int>> numbered(const std::string& host, int count) {
  std::vector<std::pair<std::string, int>> all;
  for (int i = 0; i < count; ++i) all.emplace_back(host, i);
  return all;
}

HostGateOptions options(std::size_t slots) {
  HostGateOptions made;
  made.slots = slots;
  return made;
}

}  // namespace

TEST_CASE(
    "HostGate: a host that has never answered is tried by four transfers at once, and by all once it has "
    "answered") {
  Bed bed(options(32));
  bed.answers["a"] = [](int, TimePoint) { return HostSign::good; };
  const TimePoint begin = bed.clock.now();
  bed.loop.run(records(bed, numbered("a", 100)));
  CHECK(bed.starts_at("a", begin, begin + 1ms) == 4);
  CHECK(bed.peak["a"] == 32);
  CHECK(bed.done == 100);
}

TEST_CASE("HostGate: an outage in the middle costs no record, and few requests while it lasts") {
  for (const HostSign sign : {HostSign::bad_status, HostSign::broken, HostSign::unreachable}) {
    for (const Duration length : {Duration(500ms), Duration(20s)}) {
      Bed bed(options(32));
      const TimePoint begin = bed.clock.now() + 20ms;
      const TimePoint end = begin + length;
      bed.answers["a"] = [=](int, TimePoint now) {
        return now < begin || now >= end ? HostSign::good : sign;
      };
      bed.loop.run(records(bed, numbered("a", 2000)));
      CHECK(bed.done == 2000);
      CHECK(bed.starts_at("a", begin, end) <= (length < 1s ? 38 : 60));
      CHECK(bed.clock.now() < end + 3s);
    }
  }
}

TEST_CASE("HostGate: a host is not given up because of broken pages") {
  Bed bed(options(32));
  std::map<int, int> tries;
  bed.answers["a"] = [&](int number, TimePoint) {
    const bool is_broken = number >= 100 && number < 400;
    return is_broken && ++tries[number] < 4 ? HostSign::bad_status : HostSign::good;
  };
  const TimePoint begin = bed.clock.now();
  bed.loop.run(records(bed, numbered("a", 1000)));
  CHECK(bed.done == 1000);
  CHECK(bed.starts.size() == 700 + 4 * 300);
  CHECK(bed.clock.now() - begin < 10s);
}

TEST_CASE(
    "HostGate: a host that is down is given up after its time, and its records come back without a slot") {
  HostGateOptions limited = options(32);
  limited.host_down = 10s;
  Bed bed(limited);
  bed.answers["dead"] = [](int, TimePoint) { return HostSign::unreachable; };
  bed.answers["alive"] = [](int, TimePoint) { return HostSign::good; };
  auto wanted = numbered("dead", 500);
  const auto others = numbered("alive", 500);
  wanted.insert(wanted.end(), others.begin(), others.end());
  const TimePoint begin = bed.clock.now();
  bed.loop.run(records(bed, std::move(wanted)));
  CHECK(bed.done == 500);
  CHECK(bed.refused == 500);
  CHECK(bed.starts_at("dead", begin, begin + 1h) <= 30);
  CHECK(bed.starts_at("alive", begin, begin + 50ms) == 500);
  CHECK(bed.clock.now() - begin < 12s);  // at the end, a record's own pause may not be over
  CHECK(bed.gate.why_gone("dead").is_down);
  CHECK(bed.gate.why_gone("dead").last.message == "nobody listens");
  CHECK(bed.gate.taken() == 0);
  CHECK(bed.gate.waiting() == 0);
}

TEST_CASE("HostGate: whoever asks is told what is found out of a host, and another gate goes on with that") {
  HostGateOptions limited = options(32);
  limited.host_down = 10s;
  std::vector<std::string> said;
  limited.health_changed = [&said](std::string_view origin) { said.emplace_back(origin); };
  Bed bed(limited);
  bed.answers["dead"] = [](int, TimePoint) { return HostSign::unreachable; };
  bed.answers["ill"] = [end = bed.clock.now() + 1s](int, TimePoint now) {
    return now < end ? HostSign::unreachable : HostSign::good;
  };
  bed.answers["well"] = [](int, TimePoint) { return HostSign::good; };
  auto wanted = numbered("dead", 50);
  for (const auto* host : {"ill", "well"}) {
    const auto others = numbered(host, 50);
    wanted.insert(wanted.end(), others.begin(), others.end());
  }
  bed.loop.run(records(bed, std::move(wanted)));
  CHECK(std::count(said.begin(), said.end(), "dead") >= 10);
  CHECK(std::count(said.begin(), said.end(), "ill") >= 3);
  CHECK(std::count(said.begin(), said.end(), "well") == 0);
  CHECK(!bed.gate.doubt_of("ill"));
  CHECK(!bed.gate.doubt_of("nobody"));
  const auto doubt = bed.gate.doubt_of("dead");
  REQUIRE(doubt);
  CHECK(doubt->is_down);

  Bed next(limited);
  next.answers = bed.answers;
  said.clear();
  next.gate.take_over("dead", *doubt, bed.gate.why_gone("dead").last);
  next.loop.run(records(next, numbered("dead", 50)));
  CHECK(next.starts.empty());
  CHECK(next.refused == 50);
  CHECK(next.gate.why_gone("dead").is_down);
  CHECK(next.gate.why_gone("dead").last.message == "nobody listens");
  CHECK(said.empty());
}

TEST_CASE("HostGate: a host that another process found doubtful gets one probe, and is given up after it") {
  HostGateOptions limited = options(32);
  limited.host_down = 10s;
  Bed bed(limited);
  bed.answers["dead"] = [](int, TimePoint) { return HostSign::unreachable; };
  HostDoubt doubt;
  doubt.since = doubt.silent_since = bed.clock.now() - 1min;
  doubt.next_probe = bed.clock.now() - 1s;
  bed.gate.take_over("dead", doubt, Error(Errc::reset, "reset"));
  bed.loop.run(records(bed, numbered("dead", 50)));
  CHECK(bed.starts.size() == 1);
  CHECK(bed.refused == 50);
}

TEST_CASE("HostGate: probes use the records that were tried least, from both ends in turn") {
  Bed bed(options(4));
  const TimePoint end = bed.clock.now() + 2s;
  bed.answers["a"] = [=](int, TimePoint now) { return now < end ? HostSign::unreachable : HostSign::good; };
  bed.loop.run(records(bed, numbered("a", 20)));
  std::vector<int> first;
  for (std::size_t i = 0; i < 8; ++i) first.push_back(bed.starts[i].record);
  CHECK(first == std::vector<int>{0, 1, 2, 3, 4, 19, 5, 18});
}

TEST_CASE("HostGate: the table says which hosts are doubtful, since when, and when the next probe is due") {
  Bed bed(options(4));
  const TimePoint begin = bed.clock.now();
  PageHistory page;
  const Error why(Errc::reset, "reset");
  for (int i = 0; i < 3; ++i) bed.gate.report("a", HostSign::broken, page, begin, &why);
  const auto rows = bed.gate.table(true);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].is_doubtful);
  CHECK(rows[0].since == begin);
  CHECK(rows[0].next_probe == begin + 100ms);
  bed.gate.report("a", HostSign::good, page, begin, nullptr);
  CHECK(bed.gate.table(true).empty());
}

TEST_CASE("HostGate: a free slot goes to the host that has the fewest transfers running") {
  Bed bed(options(12));
  bed.answers["busy"] = bed.answers["b"] = bed.answers["c"] = [](int, TimePoint) { return HostSign::good; };
  PageHistory page;
  for (const auto* host : {"busy", "b", "c"}) {
    bed.gate.report(host, HostSign::good, page, bed.clock.now(), nullptr);
  }
  auto wanted = numbered("busy", 100);
  for (const auto* host : {"b", "c"}) {
    const auto few = numbered(host, 20);
    wanted.insert(wanted.end(), few.begin(), few.end());
  }
  bed.loop.run(records(bed, std::move(wanted)));
  std::map<std::string, int> first;  // after the twelve that started before the others came
  for (std::size_t i = 12; i < 24; ++i) ++first[bed.starts[i].host];
  CHECK(first["b"] == first["c"]);
  CHECK(first["b"] >= 4);
}

TEST_CASE(
    "HostGate: a proxy that is down makes the origins behind it wait for one probe, and makes none of them "
    "doubtful") {
  HostGateOptions proxied = options(32);
  proxied.behind_proxy = [](std::string_view origin) { return origin != "near"; };
  Bed bed(proxied);
  bed.of_proxy = true;
  const TimePoint begin = bed.clock.now() + 5ms;
  const TimePoint end = begin + 5s;
  const auto away = [=](int, TimePoint now) {
    return now < begin || now >= end ? HostSign::good : HostSign::unreachable;
  };
  bed.answers["a"] = bed.answers["b"] = bed.answers["c"] = away;
  bed.answers["near"] = [](int, TimePoint) { return HostSign::good; };
  auto wanted = numbered("near", 500);
  for (const auto* host : {"a", "b", "c"}) {
    const auto more = numbered(host, 300);
    wanted.insert(wanted.end(), more.begin(), more.end());
  }
  bed.loop.run(records(bed, std::move(wanted)));
  CHECK(bed.done == 1400);
  int meanwhile = 0;
  for (const auto* host : {"a", "b", "c"}) meanwhile += bed.starts_at(host, begin, end);
  CHECK(meanwhile <= 50);
  CHECK(bed.starts_at("near", begin + 100ms, end + 1h) == 0);
  CHECK(bed.clock.now() < end + 3s);
}

TEST_CASE("HostGate: a proxy that stays down is given up together with every origin behind it") {
  HostGateOptions proxied = options(32);
  proxied.behind_proxy = [](std::string_view) { return true; };
  proxied.host_down = 5s;
  Bed bed(proxied);
  bed.of_proxy = true;
  std::vector<std::pair<std::string, int>> wanted;
  for (int i = 0; i < 100; ++i) {
    const std::string host = "h" + std::to_string(i);
    bed.answers[host] = [](int, TimePoint) { return HostSign::unreachable; };
    wanted.emplace_back(host, 0);
  }
  const TimePoint begin = bed.clock.now();
  bed.loop.run(records(bed, std::move(wanted)));
  CHECK(bed.refused == 100);
  CHECK(bed.starts.size() < 30);
  CHECK(bed.clock.now() - begin < 7s);
  CHECK(bed.gate.why_gone("h50").is_down);
  CHECK(bed.gate.why_gone("h50").last.message == "nobody listens");
}

namespace {

// A body that takes an hour after a head that came at once.
Task<void> download(HostGate& gate, std::string host, int status, std::size_t& running) {
  auto slot = co_await gate.enter(host);
  ++running;
  slot.progress()->connected.store(true);
  slot.progress()->status.store(status);
  co_await sleep_for(1h);
  --running;
}

Task<void> download_all(HostGate& gate, int status, std::size_t& running, std::size_t expected) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 16; ++i) tasks.push_back(spawn(download(gate, "a", status, running)));
  co_await sleep_for(1ms);
  CHECK(running == 4);
  co_await sleep_for(100ms);
  CHECK(running == expected);
  for (auto& task : tasks) task.cancel();
}

}  // namespace

TEST_CASE("HostGate: a good head counts as an answer, however long its body takes; a bad head does not") {
  for (const auto& [status, expected] : {std::pair(200, 16), std::pair(404, 16), std::pair(502, 4)}) {
    ManualClock clock;
    EventLoop loop(&clock);
    HostGate gate(loop, options(16));
    std::size_t running = 0;
    loop.run(download_all(gate, status, running, static_cast<std::size_t>(expected)));
  }
}

namespace {

Task<void> hold(HostGate& gate, std::string host, Duration time, std::size_t& most, std::size_t& running) {
  auto slot = co_await gate.enter(host);
  if (host != "silent") slot.progress()->connected.store(true);
  most = std::max(most, ++running);
  co_await sleep_for(time);
  --running;
}

Task<void> hold_all(HostGate& gate, std::size_t& silent_most, std::size_t& most) {
  std::size_t silent_running = 0;
  std::size_t running = 0;
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 4; ++i) tasks.push_back(spawn(hold(gate, "silent", 10s, silent_most, silent_running)));
  co_await yield();
  for (int i = 0; i < 40; ++i) {
    tasks.push_back(spawn(hold(gate, "h" + std::to_string(i % 10), 100ms, most, running)));
  }
  co_await sleep_for(2s);
  CHECK(gate.silent() == 4);
  CHECK(gate.taken() == 0);
  auto joining = join(std::move(tasks));
  co_await std::move(joining);
}

}  // namespace

TEST_CASE("HostGate: a transfer that has not connected for a while holds no slot that others could use") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(8));
  std::size_t silent_most = 0;
  std::size_t most = 0;
  loop.run(hold_all(gate, silent_most, most));
  CHECK(silent_most == 4);
  CHECK(most == 8);
  CHECK(gate.silent() == 0);
  CHECK(gate.taken() == 0);
}
