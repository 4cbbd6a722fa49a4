#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

enum class SampleFormat : std::uint8_t { csv, ndjson };

/// The file's name decides: `.ndjson` and `.jsonl` are NDJSON, and all others are CSV.
[[nodiscard]] SampleFormat sample_format_of(std::string_view file) noexcept;

/// Writes every request of a benchmark to a file, from a thread of its own, in bounded memory.
///
/// `take` may be called from any thread. It copies, and it waits while kMostWaiting batches are unwritten: no
/// sample is lost, and a disk that is too slow shows in the client's own lag. The order is that in which
/// threads hand over their batches. `finish` reports what can't be written; after it nothing is taken.
class SampleWriter {
 public:
  /// The Error names the file.
  [[nodiscard]] static Result<std::unique_ptr<SampleWriter>> open(const std::string& file,
                                                                  const load::LoadPlan& plan);

  SampleWriter(const SampleWriter&) = delete;
  SampleWriter& operator=(const SampleWriter&) = delete;
  ~SampleWriter();

  void take(std::span<const load::Sample> samples);
  /// Waits until everything is written; gives an Error if that was not possible.
  [[nodiscard]] Status finish();

 private:
  static constexpr std::size_t kMostWaiting = 8;

  SampleWriter(int fd, std::string file, SampleFormat format, std::vector<std::string> urls);
  void work();
  void write(std::string_view text);
  [[nodiscard]] std::string header() const;
  void append(std::string& text, const load::Sample& sample) const;

  int fd_;
  std::string file_;
  SampleFormat format_;
  std::vector<std::string> urls_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<load::Sample>> waiting_;
  bool ended_ = false;
  int error_number_ = 0;
  std::thread thread_;
};

}  // namespace leat::cli
