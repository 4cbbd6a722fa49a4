#include "pipelines/stages/network/record_body.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "engine/async/to_thread.hpp"
#include "engine/http/message/body_reader.hpp"
#include "engine/http/redirect.hpp"
#include "engine/io/file_error.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/stages/sink/standing_sums.hpp"

namespace leat::pipelines {

namespace {

// A note costs some ten microseconds, so it is for transfers beside which that is nothing: those that are
// large, and those that take long.
constexpr std::uint64_t kNotedFrom = 256 * 1024;
constexpr auto kNotedAfter = std::chrono::seconds(1);
constexpr std::size_t kChunk = std::size_t{1} << 20;

bool has_condition(const std::vector<std::string>& fields) {
  constexpr std::array<std::string_view, 6> kNames{
      "range:", "if-range:", "if-match:", "if-unmodified-since:", "if-none-match:", "if-modified-since:"};
  return std::any_of(fields.begin(), fields.end(), [&](const std::string& field) {
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view name) { return text::starts_with_ignoring_case(field, name); });
  });
}

// A user who asks for a range or a version himself gets the answer as it is.
bool is_plain(const http::Request& request) { return request.effective_method() == "GET" && !request.body; }

}  // namespace

/// What is in the .part, lent to a thread that reads it; which owns it should the wait be cancelled.
struct RecordBody::Lent {
  io::FileWriter file;
  std::uint64_t size = 0;
  DigestSet digests;
  std::string text;
  bool hold = false;
  std::atomic<bool> wanted = true;  // by somebody who waits for it

  Status read() {
    for (std::uint64_t at = 0; at < size && wanted.load(std::memory_order_relaxed); at += kChunk) {
      auto chunk = file.read_back(at, kChunk);
      if (!chunk.ok()) return std::move(chunk.error());
      digests.update(*chunk);
      if (hold) text += *chunk;
    }
    return std::nullopt;
  }
};

/// Ends the thread's reading when nobody waits for it any more: a large file must not hold up the end of a
/// run.
class RecordBody::Wait {
 public:
  explicit Wait(std::shared_ptr<Lent> lent) noexcept : lent_(std::move(lent)) {}
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() { lent_->wanted.store(false, std::memory_order_relaxed); }

 private:
  std::shared_ptr<Lent> lent_;
};

RecordBody::RecordBody(const FetchArgs& args, bool hold, Save::Claim* claim, Record& record,
                       std::atomic<std::uint64_t>& total)
    : args_(args), claim_(claim), record_(record), total_(total), hold_(hold) {
  for (const auto& sum : record.expected.all()) digests_.add(sum.kind);
  for (const auto kind : args.hash) digests_.add(kind);
  if (claim_ != nullptr && claim_->is_provisional()) digests_.add(DigestKind::sha256);
  own_condition_ = has_condition(record.request.headers) || has_condition(args.client.headers);
  may_ask_ = (hold_ || claim_ != nullptr) && is_plain(record.request) && !own_condition_;
}

RecordBody::~RecordBody() {
  record_.request.range = nullptr;
  record_.request.known = nullptr;
  if (in_pieces_) file_.keep_part();
  const bool may_go_on = !anew_ && file_.is_open() && claim_->keeps_part() && partial_.is_resumable();
  if (!may_go_on) return;
  if (!file_.has_note()) write_note();
  if (file_.has_note()) file_.keep_part();
}

std::string RecordBody::source() const {
  Digest digest;
  digest.update(record_.request.url.text());
  return digest.finish();
}

async::Task<void> RecordBody::take_up() {
  if (claim_ == nullptr || !claim_->has_note() || !may_ask_) co_return;
  auto resumed = io::FileWriter::resume(claim_->base(), claim_->path(), source());
  if (!resumed || !*resumed) co_return;
  const bool in_pieces = !(**resumed).note().pieces.empty();
  if (hold_ && (in_pieces || (**resumed).size() > args_.body_limit)) co_return;
  if (in_pieces) {
    file_ = std::move(**resumed);
    in_pieces_ = true;
    co_return;
  }
  auto prefix = std::make_shared<Lent>();
  prefix->file = std::move(**resumed);
  prefix->size = prefix->file.size();
  prefix->hold = hold_;
  prefix->digests = std::move(digests_);
  if (hold_ || !prefix->digests.empty()) {
    prefix->file.keep_part();
    const Wait wait(prefix);
    const auto work = [prefix] { return prefix->read(); };
    auto reading = async::to_thread(work);
    const Status failed = co_await std::move(reading);
    if (failed) {
      digests_ = std::move(prefix->digests);
      co_return;
    }
  }
  file_ = std::move(prefix->file);
  file_.keep_part(false);
  digests_ = std::move(prefix->digests);
  text_ = std::move(prefix->text);
  partial_.found(file_.size(), file_.note().version, file_.note().total);
  noted_ = true;
}

void RecordBody::ask() {
  if (!may_ask_) return;
  record_.request.range = anew_ ? nullptr : partial_.ask();
  if (claim_ != nullptr && claim_->known()) record_.request.known = &*claim_->known();
}

bool RecordBody::ask_whole(const Result<http::Response>& failed, bool in_segments) {
  if (anew_ || partial_.asks_whole()) return false;
  const int status = failed ? failed.value().head.status : failed.error().http_status;
  // With a part of an earlier answer at stake any status is asked about once more.
  const bool is_refused = failed && status >= 400 && args_.fail.contains(status) && !is_complete() &&
                          (partial_.asked() || (in_segments && may_refuse_the_part(status)));
  const bool is_odd = failed ? in_segments && (status == 204 || status == 205)
                             : partial_.is_no_answer(failed.error(), in_segments, file_.is_open());
  if (is_refused || is_odd) partial_.ask_whole();
  return is_refused || is_odd;
}

void RecordBody::start_anew() noexcept {
  anew_ = true;
  partial_.forget();
}

void RecordBody::set_aside() noexcept {
  use_ = Use::aside;
  aside_.clear();
  partial_.forget();
}

bool RecordBody::may_split() const noexcept {
  return claim_ != nullptr && !hold_ && may_ask_ && !anew_ && !partial_.asks_whole();
}

Result<std::unique_ptr<io::SegmentFile>> RecordBody::split_rest(std::size_t most) {
  if (std::exchange(in_pieces_, false)) return io::SegmentFile::go_on(std::move(file_));
  std::unique_ptr<io::SegmentFile> none;
  if (!file_.is_open() || !partial_.is_resumable() || !partial_.total()) return none;
  const std::uint64_t size = partial_.size();
  if (!partial_.is_short() || (*partial_.total() - size) / 2 < args_.min_segment) return none;
  io::PartNote note;
  note.source = source();
  note.version = partial_.version();
  note.total = partial_.total();
  note.pieces = io::equal_pieces(size, *note.total, most, args_.min_segment);
  note.pieces.insert(note.pieces.begin(), {0, size, size});
  partial_ = PartialBody();
  return io::SegmentFile::lay_out(std::move(file_), std::move(note), claim_->keeps_part());
}

Result<std::unique_ptr<io::SegmentFile>> RecordBody::lay_out(std::string version, std::uint64_t total,
                                                             std::size_t most) {
  whole_.store(total, std::memory_order_relaxed);
  if (auto error = start_file()) return std::move(*error);
  io::PartNote note;
  note.source = source();
  note.version = std::move(version);
  note.total = total;
  note.pieces = io::equal_pieces(0, total, most, args_.min_segment);
  partial_.forget();
  return io::SegmentFile::lay_out(std::move(file_), std::move(note), claim_->keeps_part());
}

void RecordBody::count(std::size_t bytes) noexcept {
  total_.fetch_add(bytes, std::memory_order_relaxed);
  there_.fetch_add(bytes, std::memory_order_relaxed);
}

// Sums are of bytes in their order, in which they did not come: so they are read once more.
async::Task<Status> RecordBody::put_together(std::unique_ptr<io::SegmentFile> file,
                                             std::uint64_t resumed_from) {
  use_ = Use::keep;
  partial_.put_together(file->total(), resumed_from);
  auto whole = std::make_shared<Lent>();
  whole->size = file->total();
  whole->file = file->release();
  whole->digests = std::move(digests_);
  whole->digests.restart();
  Status failed;
  if (!whole->digests.empty()) {
    whole->file.keep_part();
    const Wait wait(whole);
    const auto work = [whole] { return whole->read(); };
    auto reading = async::to_thread(work);
    failed = co_await std::move(reading);
  }
  digests_ = std::move(whole->digests);
  file_ = std::move(whole->file);
  file_.keep_part(false);
  co_return failed;
}

Status RecordBody::begin(const http::ResponseHead& head) {
  aside_.clear();
  use_ = Use::aside;
  const bool may_be_complete = head.status == 416 && partial_.asked();
  if (args_.fail.contains(head.status) && !may_be_complete) return std::nullopt;
  if (head.status == 206 && may_ask_ && !partial_.asked()) {
    return Error(Errc::range_mismatch, "the answer is 206, though all of the body was asked for");
  }
  if (head.status == 304 && is_conditional()) return std::nullopt;
  if (head.status == 304 && claim_ != nullptr) {
    return Error(Errc::bad_response, "the answer is 304, though it was asked for on no condition");
  }
  if (claim_ != nullptr) {
    if (auto error = http::unfollowed_redirect(head)) return error;
  }
  const auto begun = partial_.begin(head);
  if (!begun) return begun.error();
  const auto use = begun.value();
  if (use == PartialBody::Use::complete) {
    use_ = Use::complete;
    return std::nullopt;
  }
  use_ = Use::keep;
  there_.store(use == PartialBody::Use::go_on ? partial_.size() : 0, std::memory_order_relaxed);
  whole_.store(partial_.total().value_or(0), std::memory_order_relaxed);
  if (use == PartialBody::Use::go_on) return std::nullopt;
  text_.clear();
  if (hold_ && head.content_length) text_.reserve(std::min(*head.content_length, args_.body_limit));
  digests_.restart();
  return claim_ != nullptr ? start_file() : std::nullopt;
}

Status RecordBody::start_file() {
  noted_ = in_pieces_ = false;
  begun_ = std::chrono::steady_clock::now();
  if (file_.is_open()) return file_.rewind();
  auto created = io::FileWriter::create(claim_->base(), claim_->path(), claim_->standing());
  if (!created) return created.error();
  file_ = std::move(*created);
  return std::nullopt;
}

Status RecordBody::write(std::string_view bytes) {
  count(bytes.size());
  if (use_ == Use::complete) return std::nullopt;
  return use_ == Use::keep ? keep(bytes) : hold(aside_, bytes);
}

Status RecordBody::keep(std::string_view bytes) {
  if (auto error = hold(text_, bytes)) return error;
  digests_.update(bytes);
  if (auto error = partial_.take(bytes.size())) return error;
  if (args_.client.max_size > 0 && partial_.size() > args_.client.max_size) {
    return http::too_large_error(args_.client.max_size);
  }
  if (claim_ == nullptr) return std::nullopt;
  if (auto error = file_.write(bytes)) return error;
  if (!noted_) note_if_worth_it();
  return std::nullopt;
}

Status RecordBody::hold(std::string& text, std::string_view bytes) const {
  if (!hold_) return std::nullopt;
  if (most_text_) bytes = bytes.substr(0, *most_text_ - std::min(text.size(), *most_text_));
  if (!most_text_ && text.size() + bytes.size() > args_.body_limit) {
    return Error(Errc::body_too_large,
                 "the body is larger than body-limit, " + std::to_string(args_.body_limit) + " bytes");
  }
  text.append(bytes);
  return std::nullopt;
}

void RecordBody::note_if_worth_it() {
  if (!partial_.is_short() || !partial_.is_resumable() || !may_ask_ || anew_ || !claim_->keeps_part()) return;
  if (partial_.size() < kNotedFrom && std::chrono::steady_clock::now() - begun_ < kNotedAfter) return;
  write_note();
}

// Where it can't be written, there will be nothing to go on with; that is no failure.
void RecordBody::write_note() {
  io::PartNote note;
  note.source = source();
  note.version = partial_.version();
  note.total = partial_.total();
  noted_ = true;
  static_cast<void>(file_.write_note(note));
}

Status RecordBody::check_whole() const { return use_ == Use::keep ? partial_.end() : std::nullopt; }

void RecordBody::take_text(BodyBudget& budget) {
  if (!hold_) return;
  record_.body = std::move(use_ == Use::aside ? aside_ : text_);
  record_.body_share = budget.take(record_.body->size());
}

Status RecordBody::commit() {
  record_.resumed_from = partial_.resumed_from();
  partial_.forget();  // whatever is wrong now, it is of no use
  if (use_ == Use::aside) return std::nullopt;
  record_.digests = digests_.finish();
  if (auto error = compare_sums(record_.digests, record_.expected)) return error;
  return file_.is_open() ? name_file() : std::nullopt;
}

Status RecordBody::name_file() {
  if (sync_failure_) return std::move(sync_failure_);
  claim_->owner().describe(file_, record_);
  if (!claim_->becomes().empty()) {
    if (auto error = file_.commit_as(claim_->base(), claim_->becomes(), true)) return error;
    claim_->written();
    record_.filename = claim_->shown();
    return std::nullopt;
  }
  if (!claim_->is_provisional()) {
    if (auto error = file_.commit(claim_->replace())) return error;
    claim_->written();
    record_.filename = claim_->shown();
    return std::nullopt;
  }
  auto named = claim_->owner().claim_final(record_);
  if (!named) return std::move(named.error());
  if (!*named) {  // it is there: the record is skipped, the .part goes, and the digests are not that file's
    record_.digests = {};
    return std::nullopt;
  }
  if (auto error = file_.commit_as((*named)->base(), (*named)->path(), (*named)->replace())) return error;
  (*named)->written();
  record_.filename = (*named)->shown();
  return std::nullopt;
}

namespace {

// In a thread, for as long as a disk takes.
async::Task<Status> sync(Result<io::Fd> opened, std::string shown) {
  if (!opened) co_return std::move(opened.error());
  const auto fd = std::make_shared<io::Fd>(std::move(*opened));
  // Some file systems have no such thing for files, or for directories; they keep what they keep.
  const auto work = [fd] {
    const int failed = ::fsync(fd->get()) == 0 ? 0 : errno;
    return failed == EINVAL || failed == ENOSYS || failed == EOPNOTSUPP ? 0 : failed;
  };
  auto syncing = async::to_thread(work);
  const int error = co_await std::move(syncing);
  if (error == 0) co_return std::nullopt;
  co_return io::file_failure(error, "sync", shown);
}

}  // namespace

async::Task<void> RecordBody::sync_file() {
  if (!is_durable()) co_return;
  auto syncing = sync(file_.part_to_sync(), claim_->shown());
  sync_failure_ = co_await std::move(syncing);
}

async::Task<void> RecordBody::sync_directory() {
  if (claim_ == nullptr || !claim_->owner().args().durable || record_.outcome != Outcome::ok ||
      record_.filename.empty())
    co_return;
  auto syncing = sync(file_.directory_to_sync(), record_.filename);
  auto failed = co_await std::move(syncing);
  if (failed) record_.fail(std::move(*failed), "save");
}

bool RecordBody::is_durable() const {
  return claim_ != nullptr && claim_->owner().args().durable && file_.is_open() && use_ != Use::aside;
}

}  // namespace leat::pipelines
