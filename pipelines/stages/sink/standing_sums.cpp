#include "pipelines/stages/sink/standing_sums.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "engine/async/to_thread.hpp"
#include "engine/io/file_error.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;

/// What the thread works on; it owns it should the wait be cancelled, and looks whether it was.
struct Reading {
  io::Fd file;
  DigestSet digests;
  std::atomic<bool> wanted = true;

  int run() {
    std::string chunk(kChunk, '\0');
    while (wanted.load(std::memory_order_relaxed)) {
      const ssize_t count = ::read(file.get(), chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno;
      if (count == 0) return 0;
      digests.update(std::string_view(chunk.data(), static_cast<std::size_t>(count)));
    }
    return ECANCELED;
  }
};

/// Tells the thread that nobody waits any more.
class Interest {
 public:
  explicit Interest(std::shared_ptr<Reading> reading) noexcept : reading_(std::move(reading)) {}
  Interest(const Interest&) = delete;
  Interest& operator=(const Interest&) = delete;
  ~Interest() { reading_->wanted.store(false, std::memory_order_relaxed); }

 private:
  std::shared_ptr<Reading> reading_;
};

}  // namespace

async::Task<Result<Checksums>> sums_of_file(io::Fd file, std::vector<DigestKind> kinds) {
  auto reading = std::make_shared<Reading>();
  reading->file = std::move(file);
  for (const auto kind : kinds) reading->digests.add(kind);
  const Interest interest(reading);
  const auto work = [reading] { return reading->run(); };
  auto running = async::to_thread(work);
  const int failed = co_await std::move(running);
  if (failed != 0) co_return io::file_failure(failed, "read", "the file");
  co_return reading->digests.finish();
}

std::vector<DigestKind> kinds_of(const Checksums& sums) {
  std::vector<DigestKind> kinds;
  for (const auto& sum : sums.all()) kinds.push_back(sum.kind);
  return kinds;
}

Status compare_sums(const Checksums& computed, const Checksums& expected) {
  for (const auto& [kind, hex] : expected.all()) {
    if (const auto sum = computed.find(kind); sum != hex) {
      return Error(Errc::checksum_mismatch, fmt::format("{} is {}, expected {}", to_string(kind), sum, hex));
    }
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
