#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/error.hpp"
#include "engine/io/confined_path.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/output_writer.hpp"
#include "engine/io/standing.hpp"
#include "pipelines/result/own_files.hpp"

namespace leat::pipelines {

/// A file that results go to, or standard output. It may be closed for now and opened again: what it
/// counts goes on. Loop thread only.
class OutputFile {
 public:
  OutputFile(std::string path, bool had_lines) noexcept : path_(std::move(path)), had_lines_(had_lines) {}

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Whether there were lines in it before this run wrote any, so that it needs no heading.
  [[nodiscard]] bool had_lines() const noexcept { return had_lines_; }
  [[nodiscard]] bool is_open() const noexcept { return writer_ != nullptr; }
  /// Of one that is open.
  [[nodiscard]] io::OutputWriter& writer() const noexcept { return *writer_; }
  /// Bytes since the start of the run.
  [[nodiscard]] std::uint64_t appended() const noexcept {
    return before_ + (writer_ ? writer_->appended() : 0);
  }
  [[nodiscard]] std::uint64_t written() const noexcept {
    return before_ + (writer_ ? writer_->written() : 0);
  }
  /// Where in the file what this run has written begins, if it is a file that holds what is written; and the
  /// file's absolute path.
  [[nodiscard]] std::optional<std::uint64_t> start() const noexcept { return start_; }
  [[nodiscard]] const std::string& whole_path() const noexcept { return whole_path_; }
  /// Whether what is not written yet will not be: its reader is gone, or it has failed.
  [[nodiscard]] bool has_ended() const noexcept {
    return writer_ && writer_->state() != io::OutputState::open;
  }
  /// The names in its first row, if it is a table that had lines; see CsvReader. Of one that is open.
  [[nodiscard]] std::vector<std::string> first_row(char delimiter) const;

 private:
  friend class Outputs;

  std::string path_;
  std::string whole_path_;
  std::optional<std::uint64_t> start_;
  int fd_ = -1;  // of one that is open; its own, or the standard output
  io::Fd file_;
  std::unique_ptr<io::OutputWriter> writer_;  // goes before its file
  std::uint64_t before_ = 0;                  // bytes that were written before it was closed for now
  unsigned users_ = 0;                        // that want it open
  bool had_lines_;
  bool lasts_ = false;  // it stays open
};

/// Where the results of one run go. There is one writer for each file, however many stages write to it, so
/// that lines stay whole. Directories that are missing are made. Loop thread only. Outlives the users of its
/// files.
class Outputs {
 public:
  /// What happens to a file that is there.
  enum class Standing : std::uint8_t { empty, append };
  static constexpr mode_t kAnybody = 0666;
  static constexpr mode_t kOwner = 0600;  // of a file that may hold secrets

  Outputs(async::EventLoop& loop, int standard_output) noexcept
      : loop_(loop), standard_output_(standard_output) {}

  /// From now on `open` does not empty a file: what an earlier run wrote stays, except a line that it didn't
  /// end.
  void go_on() noexcept { goes_on_ = true; }

  /// Of the files that are opened from now on, as much stays as these ends say, and of others nothing: what
  /// the earlier run wrote behind them is written again. Files that are added to keep all of it. Nothing:
  /// what `go_on` says.
  void go_on_from(std::optional<std::map<std::string, std::uint64_t>> ends) { ends_ = std::move(ends); }

  /// From now on no output may be one of these files, whatever name or link leads there.
  void protect(OwnFiles own) { own_ = std::move(own); }
  /// Nor this one, which is open, for those who open it from now on. `what` is how an error calls it.
  void protect(const OutputFile& file, std::string what);

  /// Which of the files that the run itself reads and writes that file is, outputs among them; empty if none.
  [[nodiscard]] std::string what_is(const io::FileId& id) const;
  /// The same of a path at which nothing stands yet: which of them is to be made there.
  [[nodiscard]] std::string what_will_be(const std::string& path) const { return own_.what_will_be(path); }

  /// The file of that path; "-" is standard output. The first call for a file makes it, with that mode less
  /// the umask, or empties it. bad_input for a protected one, file_error.
  Result<OutputFile*> open(const std::string& path, Standing standing = Standing::empty,
                           mode_t mode = kAnybody);
  /// The same of a path below that directory, which nothing leads out of; name_refused. One that was released
  /// is opened again.
  Result<OutputFile*> open_below(const io::BaseDirectory& base, const std::string& path, Standing standing);
  /// Keeps a file open that is.
  static void hold(OutputFile& file) noexcept { ++file.users_; }
  /// Takes back one `open_below` or `hold`, after all was written: a file that nobody else uses is closed for
  /// now.
  static void release(OutputFile& file) noexcept;

  /// The writer of a file that is open; null if it is not.
  [[nodiscard]] io::OutputWriter* find(const std::string& path) const;
  /// The writer of a file that somebody else has opened: a device, a FIFO. It stays open until the end.
  io::OutputWriter* adopt(const std::string& path, io::Fd file);

  /// Every file that stays open until the end. What becomes of the others, those who have them know.
  template <class Fn>
  void for_each(Fn&& fn) const {
    for (const auto& [path, file] : files_) {
      if (file.lasts_) fn(path, file.writer());
    }
  }

 private:
  Result<OutputFile*> use(const std::string& path, io::Fd file, int fd, Standing standing);
  [[nodiscard]] bool go_on_with(int fd, const std::string& whole_path, bool is_added_to) const;
  static OutputFile* last(OutputFile& file) noexcept;
  Result<OutputFile*> reopen(OutputFile& file, io::Fd fd);
  [[nodiscard]] Status check_protected(int fd, const std::string& path) const;
  Result<io::Fd> open_at(int directory, const std::string& name, int flags, const std::string& shown,
                         mode_t mode) const;

  async::EventLoop& loop_;
  int standard_output_;
  bool goes_on_ = false;
  std::optional<std::map<std::string, std::uint64_t>> ends_;  // by absolute path
  std::map<std::string, OutputFile> files_;
  OwnFiles own_;                            // but for the outputs
  std::set<std::pair<dev_t, ino_t>> made_;  // the outputs
};

/// Why an output failed; `number` is the errno. disk_full or file_error.
[[nodiscard]] Error output_error(const std::string& path, int number);

}  // namespace leat::pipelines
