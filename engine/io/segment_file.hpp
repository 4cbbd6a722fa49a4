#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/file_writer.hpp"
#include "engine/io/part_note.hpp"

namespace leat::io {

/// A `.part` of its full size from the start, whose pieces are written each at its own place, by several
/// transfers at once; the note beside it says how much of each piece is there.
///
/// The note never says more than has been written, and is at most a quarter of a mebibyte or a second of
/// writing behind; a piece that is whole is noted at once. So after a kill what the note says is there.
/// Destroyed before `release`, it leaves the .part with its note if notes are kept and something is there,
/// else nothing.
///
/// A piece belongs to whoever has taken it, on any thread, until it is given back; `write` is for him alone.
/// The rest may be called from any thread at any time, but `release`, when nobody writes. Errors are those of
/// FileWriter; disk_full if there is no room for all of it.
class SegmentFile {
 public:
  /// Makes room for all that `note`, whose pieces cover the total, says; what is done of them is there.
  static Result<std::unique_ptr<SegmentFile>> lay_out(FileWriter file, PartNote note, bool keep_notes);
  /// Goes on with what FileWriter::resume found; null if that note and that file aren't of one size. Never
  /// whole: see forget_last_byte.
  static std::unique_ptr<SegmentFile> go_on(FileWriter file);

  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;
  ~SegmentFile();

  [[nodiscard]] const std::string& version() const noexcept { return note_.version; }
  [[nodiscard]] std::uint64_t total() const noexcept { return *note_.total; }
  [[nodiscard]] std::size_t pieces() const noexcept { return pieces_.size(); }
  [[nodiscard]] std::uint64_t first(std::size_t piece) const noexcept { return pieces_[piece].first; }
  [[nodiscard]] std::uint64_t size(std::size_t piece) const noexcept { return pieces_[piece].size; }
  [[nodiscard]] std::uint64_t done(std::size_t piece) const noexcept { return pieces_[piece].done.load(); }
  [[nodiscard]] bool is_whole(std::size_t piece) const noexcept { return done(piece) == size(piece); }
  [[nodiscard]] bool is_whole() const noexcept;
  /// Bytes of all pieces that are there.
  [[nodiscard]] std::uint64_t done() const noexcept;

  /// Pieces that aren't whole and that nobody has.
  [[nodiscard]] std::size_t free_pieces() const noexcept;
  /// The last piece that isn't whole and that nobody has; it is the caller's now.
  std::optional<std::size_t> take_last() noexcept;
  /// Takes that piece, if nobody has it and nothing of it is there.
  bool take_untouched(std::size_t piece) noexcept;
  void give_back(std::size_t piece) noexcept { pieces_[piece].taken.store(false); }

  /// Writes what follows in a piece, no more than its rest.
  Status write(std::size_t piece, std::string_view bytes);

  /// Its last byte is to come once more: there must be an answer that says which version this is.
  void forget_last_byte() noexcept;
  /// The file, all of it there and no more written here.
  FileWriter release();
  /// Removes the file and its note.
  void discard() noexcept { keep_notes_ = false; }

 private:
  struct Piece {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    std::atomic<std::uint64_t> done = 0;
    std::atomic<bool> taken = false;
  };

  SegmentFile(FileWriter file, PartNote note, bool keep_notes);
  Status reserve() const;
  void note_if_due(std::uint64_t written, bool at_once);
  void write_note() noexcept;

  FileWriter file_;
  Fd fd_;          // the same .part
  PartNote note_;  // its pieces: as they were
  std::deque<Piece> pieces_;
  bool keep_notes_;
  std::mutex noting_;  // file_, while there are writers
  std::atomic<std::uint64_t> unnoted_ = 0;
  std::atomic<std::chrono::steady_clock::rep> noted_at_ = 0;
};

/// The stretch from `first` to `total` in pieces of one size, at most so many and none shorter than `least`.
[[nodiscard]] std::vector<PartNote::Piece> equal_pieces(std::uint64_t first, std::uint64_t total,
                                                        std::size_t most, std::uint64_t least);

}  // namespace leat::io
