#include "engine/io/segment_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "engine/io/file_error.hpp"

namespace leat::io {

namespace {

constexpr std::uint64_t kNotedEach = 256 * 1024;
constexpr std::chrono::steady_clock::duration kNotedAfter = std::chrono::seconds(1);

std::chrono::steady_clock::rep now() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

// Says whether the pieces follow each other from the first byte to the last.
bool covers(const PartNote& note) noexcept {
  std::uint64_t end = 0;
  for (const auto& piece : note.pieces) {
    if (piece.first != end || piece.size > *note.total - end) return false;
    end += piece.size;
  }
  return end == *note.total;
}

}  // namespace

SegmentFile::SegmentFile(FileWriter file, PartNote note, bool keep_notes)
    : file_(std::move(file)), note_(std::move(note)), keep_notes_(keep_notes), noted_at_(now()) {
  for (const auto& piece : note_.pieces) {
    Piece& added = pieces_.emplace_back();
    added.first = piece.first;
    added.size = piece.size;
    added.done = piece.done;
  }
}

SegmentFile::~SegmentFile() {
  if (!file_.is_open()) return;
  fd_.reset();
  const bool keep = keep_notes_ && done() > 0;
  if (keep) write_note();
  file_.keep_part(keep && file_.has_note());
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::lay_out(FileWriter file, PartNote note, bool keep_notes) {
  std::unique_ptr<SegmentFile> laid(new SegmentFile(std::move(file), std::move(note), keep_notes));
  auto fd = laid->file_.part_to_sync();
  if (!fd) return std::move(fd.error());
  laid->fd_ = std::move(*fd);
  if (auto failed = laid->reserve()) return std::move(*failed);
  if (keep_notes) laid->write_note();
  return laid;
}

std::unique_ptr<SegmentFile> SegmentFile::go_on(FileWriter file) {
  PartNote note = file.note();
  if (!note.total || *note.total == 0 || file.size() != *note.total || !covers(note)) return nullptr;
  std::unique_ptr<SegmentFile> found(new SegmentFile(std::move(file), std::move(note), true));
  auto fd = found->file_.part_to_sync();
  if (!fd) return nullptr;
  found->fd_ = std::move(*fd);
  if (found->is_whole()) found->forget_last_byte();
  return found;
}

// Some file systems can't set blocks aside, and the C library would write into each of them there, which
// takes minutes. On those the file only gets its length.
Status SegmentFile::reserve() const {
  const auto size = static_cast<off_t>(total());
  int error = 0;
  do {
    error = ::fallocate(fd_.get(), 0, 0, size) == 0 ? 0 : errno;
  } while (error == EINTR);
  if (error == EOPNOTSUPP || error == ENOSYS) error = ::ftruncate(fd_.get(), size) == 0 ? 0 : errno;
  if (error == 0) return std::nullopt;
  return file_failure(error, "make room for " + std::to_string(total()) + " bytes of", file_.path());
}

void SegmentFile::forget_last_byte() noexcept {
  const auto last = std::find_if(pieces_.rbegin(), pieces_.rend(), [](const Piece& p) { return p.done > 0; });
  if (last != pieces_.rend()) --last->done;
}

bool SegmentFile::is_whole() const noexcept { return done() == total(); }

std::uint64_t SegmentFile::done() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& piece : pieces_) sum += piece.done.load();
  return sum;
}

std::size_t SegmentFile::free_pieces() const noexcept {
  const auto is_free = [](const Piece& piece) { return !piece.taken && piece.done < piece.size; };
  return static_cast<std::size_t>(std::count_if(pieces_.begin(), pieces_.end(), is_free));
}

std::optional<std::size_t> SegmentFile::take_last() noexcept {
  for (std::size_t i = pieces_.size(); i-- > 0;) {
    if (!is_whole(i) && !pieces_[i].taken.exchange(true)) {
      if (!is_whole(i)) return i;
      give_back(i);  // the writer that had it has just completed it
    }
  }
  return std::nullopt;
}

bool SegmentFile::take_untouched(std::size_t piece) noexcept {
  if (piece >= pieces_.size() || done(piece) > 0 || pieces_[piece].taken.exchange(true)) return false;
  if (done(piece) == 0) return true;
  give_back(piece);
  return false;
}

Status SegmentFile::write(std::size_t piece, std::string_view bytes) {
  Piece& to = pieces_[piece];
  std::uint64_t done = to.done.load();
  const std::uint64_t written = bytes.size();
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(to.first + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_failure(errno, "write", file_.path());
    bytes.remove_prefix(static_cast<std::size_t>(count));
    done += static_cast<std::uint64_t>(count);
    to.done.store(done);
  }
  if (keep_notes_) note_if_due(written, done == to.size);
  return std::nullopt;
}

void SegmentFile::note_if_due(std::uint64_t written, bool at_once) {
  const bool much = unnoted_.fetch_add(written) + written >= kNotedEach;
  if (!at_once && !much && now() - noted_at_.load() < kNotedAfter.count()) return;
  write_note();
}

// If the note can't be written, a later run can't continue; that is no failure of this one.
void SegmentFile::write_note() noexcept {
  const std::lock_guard lock(noting_);
  unnoted_ = 0;
  noted_at_ = now();
  PartNote note = note_;
  for (std::size_t i = 0; i < note.pieces.size(); ++i) note.pieces[i].done = done(i);
  static_cast<void>(file_.write_note(note));
}

FileWriter SegmentFile::release() {
  fd_.reset();
  return std::move(file_);
}

std::vector<PartNote::Piece> equal_pieces(std::uint64_t first, std::uint64_t total, std::size_t most,
                                          std::uint64_t least) {
  const std::uint64_t rest = total - first;
  const std::uint64_t count =
      std::clamp<std::uint64_t>(rest / std::max<std::uint64_t>(least, 1), 1, std::max<std::size_t>(most, 1));
  std::vector<PartNote::Piece> pieces;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t size = rest / count + (i < rest % count ? 1 : 0);
    pieces.push_back({first, size, 0});
    first += size;
  }
  return pieces;
}

}  // namespace leat::io
