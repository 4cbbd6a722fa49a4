#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/http/message/request.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/state/exchange.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

/// What identifies an exchange: method, URL without secrets, the hash of the request's body, and which of its
/// record's attempts it is.
struct ExchangeKey {
  ExchangeKey() = default;
  ExchangeKey(const http::Request& request, const Redactor& redactor);

  std::string method;
  std::string url;
  std::string body_sha256;  // empty: no body
  std::string name;         // made of all that: 32 hex digits
};

/// Counts how often each key has come in this run: 1 for the first time. Takes some 40 bytes for each key.
class ExchangeCounts {
 public:
  std::uint32_t next(const ExchangeKey& key);
  /// Undoes that count, if the key has not come again since.
  void take_back(const ExchangeKey& key, std::uint32_t ordinal);

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> counts_;
};

/// Which exchange each record had at each fetch of a recorded run. Takes some 80 bytes for each exchange.
class ExchangeMakers {
 public:
  void add(const std::string& name, std::uint32_t ordinal, std::uint64_t maker, int attempt);
  /// The ordinal of the maker's exchange of that key; nothing if it had none.
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& name, std::uint64_t maker) const;
  [[nodiscard]] bool has_attempt(std::uint64_t maker, int attempt) const;

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> ordinals_;  // by hashes of both
  std::unordered_set<std::uint64_t> attempts_;                 // the same
};

/// A directory of recorded exchanges:
///
///     leat-recording.json       {"schema":"leat.recording/1"}
///     exchanges/ab/NAME.2.json  the second exchange of that key (Exchange)
///     bodies/cd/SHA256          the decoded bytes of a body; one file, however many exchanges had this body
///     makers                    a line "NAME 2 MAKER ATTEMPT" for each exchange of the last run
///     sequences/STAGE           the order of the records behind a stage in that run, see SequenceFile
///
/// All of it is for its owner only (modes 0700, 0600). Each file comes to its name whole, by rename, and a
/// body before its exchange. So a run that is killed leaves a recording of what was whole by then, and
/// perhaps *.part files. An exchange that is recorded again replaces the one before. Nothing is synced.
/// Bodies are streamed.
///
/// Calls block for as long as the file system does. Errors are those of io::file_failure, with paths. Any
/// thread may use it, and one at a time any object of it.
class ExchangeStore {
 public:
  class BodyWriter;
  class BodyReader;

  /// Makes the directory, if it is missing. One that holds something else is refused with file_error.
  static Result<ExchangeStore> create(std::string directory);
  /// A directory without a recording is refused with file_error.
  static Result<ExchangeStore> open(std::string directory);

  /// Forgets the makers and the sequences of the runs before.
  [[nodiscard]] Status begin_run() const;
  Status put(const std::string& name, const Exchange& exchange) const;
  /// Nothing if there is no such exchange; one that can't be read, or is damaged, is an error (file_error).
  Result<std::optional<Exchange>> get(const std::string& name, std::uint32_t ordinal) const;

  /// Whose the exchanges of the last run were. There may be some that never became whole.
  [[nodiscard]] Result<ExchangeMakers> makers() const;
  [[nodiscard]] std::string sequence_path(std::string stage) const;

  [[nodiscard]] const std::string& directory() const noexcept { return directory_; }

 private:
  explicit ExchangeStore(std::string directory) : directory_(std::move(directory)) {}

  std::string directory_;
};

/// Takes a body in and gives it its name. A small body is written in one go, and only if it is new.
class ExchangeStore::BodyWriter {
 public:
  explicit BodyWriter(const ExchangeStore& store) : directory_(store.directory()) {}
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;
  /// Removes what was not finished.
  ~BodyWriter();

  void restart();
  Status write(std::string_view bytes);
  /// The SHA-256 that the body is kept under; empty for an empty body.
  Result<std::string> finish();
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  Status flush();
  Status store_as(const std::string& sha256);
  void discard() noexcept;

  std::string directory_;
  Digest digest_;
  std::string held_;  // not written yet
  std::string part_;  // the file's path; empty: there is none
  io::Fd fd_;
  std::uint64_t size_ = 0;
};

/// Gives a body back, piece by piece.
class ExchangeStore::BodyReader {
 public:
  BodyReader(const ExchangeStore& store, const Exchange& exchange);

  /// The next bytes, good until the next call; empty at the end. A body that is missing, of another size or
  /// of another checksum is an error.
  Result<std::string_view> read();

 private:
  static constexpr std::size_t kPiece = 64 * 1024;

  Status open();

  std::string path_;
  std::string sha256_;
  Digest digest_;
  io::Fd fd_;
  std::string buffer_;
  std::uint64_t left_;
};

/// The order in which records left one place of a recorded pipeline: a line with the id of each.
///
/// Each record is one write, so that a run that is killed leaves whole lines. Calls block for as long as the
/// file system does.
class SequenceFile {
 public:
  /// Begins an empty file.
  static Result<SequenceFile> create(const std::string& path);
  /// The ids in a file; none if it is not there.
  static Result<std::vector<std::uint64_t>> read(const std::string& path);

  Status add(std::uint64_t id) const;

 private:
  SequenceFile(std::string path, io::Fd fd) noexcept : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  io::Fd fd_;
};

}  // namespace leat::pipelines
