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

/// A `.part` that has its full size from the start. Several transfers write its pieces at once, each at its
/// own place; the note beside it says how much of each piece is there.
///
/// The note never says more than has been written. It is behind by at most a quarter of a mebibyte or a
/// second of writing, and a piece that is complete is noted at once; so after a kill what the note says is
/// there. If the SegmentFile is destroyed before `release`, it leaves the .part with its note if notes are
/// kept and some bytes are there; else it leaves nothing.
///
/// A piece belongs to whoever has taken it, on any thread, until it is given back; only that one may call
/// `write` for it. The rest may be called from any thread at any time, except `release`, for which nobody may
/// be writing. Errors are those of FileWriter, and disk_full if there is no room for all of it.
class SegmentFile {
 public:
  /// Makes room for all that `note` says; its pieces must cover the total, and what is done of them is there
  /// already.
  static Result<std::unique_ptr<SegmentFile>> lay_out(FileWriter file, PartNote note, bool keep_notes);
  /// Continues what FileWriter::resume found. Gives null if that note and that file differ in size. The
  /// result is never complete: see forget_last_byte.
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
  /// Gives how many bytes of all pieces are there.
  [[nodiscard]] std::uint64_t done() const noexcept;

  /// Gives how many pieces are incomplete and not taken.
  [[nodiscard]] std::size_t free_pieces() const noexcept;
  /// Takes the last piece that is incomplete and not taken.
  std::optional<std::size_t> take_last() noexcept;
  /// Takes that piece, if it is not taken and nothing of it is there.
  bool take_untouched(std::size_t piece) noexcept;
  void give_back(std::size_t piece) noexcept { pieces_[piece].taken.store(false); }

  /// Writes what follows in a piece, but no more than its rest.
  Status write(std::size_t piece, std::string_view bytes);

  /// Makes the last byte come once more, because there must be an answer that says which version this is.
  void forget_last_byte() noexcept;
  /// Gives the file away. All of it must be there, and nothing more may be written here.
  FileWriter release();
  /// Nothing of it is to be left at the end.
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
  Fd fd_;          // open on the same .part
  PartNote note_;  // its pieces stay as they were at the start
  std::deque<Piece> pieces_;
  bool keep_notes_;
  std::mutex noting_;  // guards file_ while there are writers
  std::atomic<std::uint64_t> unnoted_ = 0;
  std::atomic<std::chrono::steady_clock::rep> noted_at_ = 0;
};

/// Divides the stretch from `first` to `total` into pieces of one size: at most `most` of them, and none
/// shorter than `least`.
[[nodiscard]] std::vector<PartNote::Piece> equal_pieces(std::uint64_t first, std::uint64_t total,
                                                        std::size_t most, std::uint64_t least);

}  // namespace leat::io
