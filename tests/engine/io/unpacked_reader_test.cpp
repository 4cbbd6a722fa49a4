#include "engine/io/unpacked_reader.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/process.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::io;

namespace {

/// Gives a text in chunks of one size, and counts how many were asked for.
class Chunks final : public InputReader {
 public:
  Chunks(std::string text, std::size_t size, int* reads = nullptr)
      : text_(std::move(text)), size_(size), reads_(reads) {}
  Task<Status> read(std::string& chunk) override {
    chunk = text_.substr(at_, stopped_ ? 0 : size_);
    at_ += chunk.size();
    if (reads_ != nullptr) ++*reads_;
    co_return std::nullopt;
  }
  void stop() noexcept override { stopped_ = true; }

 private:
  std::string text_;
  std::size_t size_;
  std::size_t at_ = 0;
  int* reads_;
  bool stopped_ = false;
};

struct Read {
  std::string text;
  Status status;
};

Task<Status> read_all(InputReader& reader, std::string& all) {
  std::string chunk;
  for (;;) {
    auto reading = reader.read(chunk);
    auto status = co_await std::move(reading);
    if (status || chunk.empty()) co_return status;
    all += chunk;
  }
}

Read unpacked(const std::string& packed, std::size_t chunk) {
  EventLoop loop;
  UnpackedReader reader(std::make_unique<Chunks>(packed, chunk), "\"x\"");
  Read read;
  read.status = loop.run(read_all(reader, read.text));
  return read;
}

std::string gzip(const std::string& text) { return leat::tests::run_process({"gzip", "-c"}, text).out; }

std::string made_by(const char* program, const std::string& text) {
  return leat::tests::run_process({program, "-c"}, text).out;
}

// Makes a frame of one raw block, as in RFC 8878.
std::string zstd(const std::string& text) {
  const auto size = static_cast<char>(text.size());
  const auto header = static_cast<unsigned>(text.size() << 3 | 1);
  return std::string("\x28\xB5\x2F\xFD\x20", 5) + size + static_cast<char>(header & 0xFF) +
         static_cast<char>(header >> 8) + '\0' + text;
}

std::string many_lines() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "http://a.org/" + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("UnpackedReader: gzip and zstd are recognised by their content, however it is cut") {
  const std::string text = many_lines();
  const std::string packed = gzip(text);
  for (const std::size_t chunk : {packed.size(), std::size_t{100}, std::size_t{1}}) {
    const auto read = unpacked(packed, chunk);
    CHECK_FALSE(read.status);
    CHECK(read.text == text);
  }
  const std::string skippable("\x5E\x2A\x4D\x18\x01\x00\x00\x00z", 9);
  for (const auto& frames :
       {zstd("http://a/\n"), zstd("http://") + zstd("a/\n"), skippable + zstd("http://a/\n")}) {
    for (const std::size_t chunk : {std::size_t{100}, std::size_t{1}}) {
      const auto read = unpacked(frames, chunk);
      CHECK_FALSE(read.status);
      CHECK(read.text == "http://a/\n");
    }
  }
}

TEST_CASE(
    "UnpackedReader: xz and bzip2 are recognised by their content, several streams and none among them") {
  const std::string text = many_lines();
  for (const auto* program : {"xz", "bzip2"}) {
    CAPTURE(program);
    const std::string packed = made_by(program, text);
    const std::string empty = made_by(program, "");
    const std::string twice = packed + made_by(program, "http://a/\n") + std::string(4, '\0') + empty;
    for (const std::size_t chunk : {twice.size(), std::size_t{100}, std::size_t{1}}) {
      const auto read = unpacked(twice, chunk);
      CHECK_FALSE(read.status);
      CHECK(read.text == text + "http://a/\n");
    }
    const auto nothing = unpacked(empty, 1);
    CHECK_FALSE(nothing.status);
    CHECK(nothing.text.empty());
  }
}

TEST_CASE("UnpackedReader: data that is not compressed goes through, also if it only begins as if it were") {
  for (const std::string text :
       {"http://a/\n", "", "P", "P*", "(", "\x1F", "\x1F\x8B", "\x1F\x8B\x09 is no method",
        "\xFD"
        "7zX",
        "BZh", "BZh9", "BZh9.example.org", "BZh01AY&SY"}) {
    CAPTURE(text);
    const auto read = unpacked(text, 1);
    CHECK_FALSE(read.status);
    CHECK(read.text == text);
  }
}

TEST_CASE("UnpackedReader: the beginning of a text is given before its end is read") {
  EventLoop loop;
  int reads = 0;
  UnpackedReader reader(std::make_unique<Chunks>("http://a/\nhttp://b/\n", 10, &reads), "\"x\"");
  std::string chunk;
  CHECK_FALSE(loop.run(reader.read(chunk)));
  CHECK(chunk == "http://a/\n");
  CHECK(reads == 1);
}

TEST_CASE(
    "UnpackedReader: a file that is cut short or damaged gives what stands before the damage, and then an "
    "error that names the input") {
  const std::string packed = gzip(many_lines());
  const auto cut = unpacked(packed.substr(0, packed.size() / 2), 1000);
  REQUIRE(cut.status);
  CHECK(cut.status->code == Errc::file_error);
  CHECK(cut.status->message == "can't read all of \"x\": it ends in the middle of its compressed data");
  CHECK(cut.text.size() > 10'000);
  CHECK(many_lines().starts_with(cut.text));

  std::string bad = packed;
  bad[bad.size() - 5] = static_cast<char>(bad[bad.size() - 5] ^ 1);  // of the checksum or the length
  const auto damaged = unpacked(bad, 1000);
  REQUIRE(damaged.status);
  CHECK(damaged.status->message.find("\"x\": the gzip data is damaged") != std::string::npos);
  CHECK(unpacked(zstd("http://a/\n").substr(0, 12), 1).status);
}

TEST_CASE(
    "UnpackedReader: xz and bzip2 that are cut anywhere, damaged or followed by something are refused") {
  const std::string text = many_lines();
  for (const std::string program : {"xz", "bzip2"}) {
    CAPTURE(program);
    const std::string packed = made_by(program.c_str(), text);
    const std::string two = packed + made_by(program.c_str(), text);
    for (const std::size_t size :
         {std::size_t{20}, packed.size() / 2, packed.size() - 1, packed.size() + 5, two.size() - 1}) {
      CAPTURE(size);
      const auto cut = unpacked(two.substr(0, size), 1000);
      REQUIRE(cut.status);
      CHECK(cut.status->code == Errc::file_error);
      CHECK(cut.status->message == "can't read all of \"x\": it ends in the middle of its compressed data");
      CHECK((text + text).starts_with(cut.text));
    }
    const std::string damage = "\"x\": the " + program + " data is damaged";
    for (const std::size_t at : {packed.size() / 2, packed.size() - 5}) {
      std::string bad = packed;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      const auto damaged = unpacked(bad, 1000);
      REQUIRE(damaged.status);
      CHECK(damaged.status->message.find(damage) != std::string::npos);
    }
    const auto more = unpacked(packed + "http://a.org/ in the clear\n", 1000);
    REQUIRE(more.status);
    CHECK(more.status->message.find(damage + ": something else follows") != std::string::npos);
    CHECK(more.text == text);
  }
}

TEST_CASE("UnpackedReader: xz that would need much memory is refused, and xz -9 is not") {
  const auto least = [](const char* dictionary) {
    const std::string option = std::string("--lzma2=dict=") + dictionary;
    return leat::tests::run_process({"xz", "-c", option}, "http://a/\n").out;
  };
  CHECK(unpacked(least("64MiB"), 100).text == "http://a/\n");
  const auto refused = unpacked(least("512MiB"), 100);
  REQUIRE(refused.status);
  CHECK(refused.status->message.ends_with(": it would take more than 128 MiB of memory"));
}

TEST_CASE("UnpackedReader: if it is stopped in the middle, it is at its end without an error") {
  EventLoop loop;
  UnpackedReader reader(std::make_unique<Chunks>(gzip(many_lines()), 1000), "\"x\"");
  std::string chunk;
  CHECK_FALSE(loop.run(reader.read(chunk)));
  CHECK_FALSE(chunk.empty());
  reader.stop();
  CHECK_FALSE(loop.run(reader.read(chunk)));
  CHECK(chunk.empty());
}
