#include "cli/bench/sample_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.hpp"

using namespace leat::cli;
using namespace std::chrono_literals;
using leat::load::Sample;

namespace {

leat::load::LoadPlan plan_of(std::string url) {
  leat::load::LoadPlan plan;
  plan.targets.emplace_back();
  plan.targets[0].url = std::move(url);
  return plan;
}

Sample sample() {
  Sample one;
  one.planned = 1us;
  one.sent = 2us;
  one.first_byte = 3us;
  one.ended = 5us;
  one.bytes = 42;
  one.thread = 1;
  one.status = 200;
  return one;
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Samples: CSV has a header and a row for each request") {
  const leat::tests::TempDir folder;
  const std::string file = folder / "s.csv";
  auto writer = SampleWriter::open(file, plan_of("http://u:p@h/a,b"));
  REQUIRE(writer.ok());
  Sample failed = sample();
  failed.first_byte = 0us;
  failed.status = 0;
  failed.failed = true;
  failed.resent = 1;
  failed.error = leat::Errc::timeout;
  const std::vector<Sample> samples{sample(), failed};
  writer.value()->take(samples);
  CHECK_FALSE(writer.value()->finish());
  CHECK(text_of(file) ==
        "planned_ns,sent_ns,first_byte_ns,ended_ns,response_ns,status,error,bytes,thread,target,resent\n"
        "1000,2000,3000,5000,4000,200,,42,1,\"http://h/a,b\",0\n"
        "1000,2000,,5000,4000,0,timeout,42,1,\"http://h/a,b\",1\n");
}

TEST_CASE("Samples: NDJSON has one object on each line, and the file's name chooses it") {
  const leat::tests::TempDir folder;
  const std::string file = folder / "s.ndjson";
  auto writer = SampleWriter::open(file, plan_of("http://h/\"q"));
  REQUIRE(writer.ok());
  const std::vector<Sample> samples{sample()};
  writer.value()->take(samples);
  CHECK_FALSE(writer.value()->finish());
  CHECK(text_of(file) ==
        "{\"planned_ns\":1000,\"sent_ns\":2000,\"first_byte_ns\":3000,\"ended_ns\":5000,\"response_ns\":4000,"
        "\"status\":200,\"error\":null,\"bytes\":42,\"thread\":1,\"target\":\"http://h/"
        "\\\"q\",\"resent\":0}\n");
  CHECK(sample_format_of("a.jsonl") == SampleFormat::ndjson);
  CHECK(sample_format_of("a.csv") == SampleFormat::csv);
  CHECK(sample_format_of("a") == SampleFormat::csv);
}

TEST_CASE("Samples: no sample is lost, however many threads make samples faster than they are written") {
  const leat::tests::TempDir folder;
  const std::string file = folder / "s.csv";
  auto writer = SampleWriter::open(file, plan_of("http://h/"));
  REQUIRE(writer.ok());
  const std::vector<Sample> batch(1000, sample());
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) writer.value()->take(batch);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(writer.value()->finish());
  const std::string text = text_of(file);
  CHECK(std::count(text.begin(), text.end(), '\n') == 60'001);
}

TEST_CASE("Samples: a file that can't be written is named, at the start or at the end, and delays nobody") {
  const auto refused = SampleWriter::open("/nowhere/s.csv", plan_of("http://h/"));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("--samples: \"/nowhere/s.csv\": No such file") == 0);
  auto full = SampleWriter::open("/dev/full", plan_of("http://h/"));
  REQUIRE(full.ok());
  const std::vector<Sample> batch(5000, sample());
  for (int i = 0; i < 50; ++i) full.value()->take(batch);
  const auto error = full.value()->finish();
  REQUIRE(error);
  CHECK(error->message.find("No space left") != std::string::npos);
}
