#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/async/task.hpp"
#include "engine/http/message/response.hpp"
#include "engine/io/file_writer.hpp"
#include "engine/io/segment_file.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/stages/network/partial_body.hpp"
#include "pipelines/stages/sink/save.hpp"

namespace leat::pipelines {

/// Where the body of one record's response goes: counted always; held as text, written to the file of a claim
/// and summed up where digests are expected or asked for.
///
/// An attempt goes on where the one before was cut, and where an earlier run was, if it can be sure that the
/// bytes belong together; else it starts over. Destroyed before its file was committed, it leaves the .part
/// with a note for a later run to go on with, if one can and the claim keeps parts; else nothing. Against a
/// kill the note is there as soon as a transfer has become worth it.
///
/// It may also come in segments, which are written by others: it gives them the file, and takes it back
/// whole.
///
/// `begin`, `write`, `lay_out` and `count` are called on the thread of a transfer and touch nothing that is
/// shared but the counts; the rest is the loop's, between transfers.
class RecordBody final : public http::BodySink {
 public:
  /// `claim` may be null; it and the record outlive this. `total` counts the bytes of all bodies.
  RecordBody(const FetchArgs& args, bool hold, Save::Claim* claim, Record& record,
             std::atomic<std::uint64_t>& total);
  RecordBody(const RecordBody&) = delete;
  RecordBody& operator=(const RecordBody&) = delete;
  ~RecordBody() override;

  /// Of a text that is held only the first so many bytes are kept, whatever body-limit says. Before anything
  /// else.
  void cut_text_at(std::size_t bytes) noexcept { most_text_ = bytes; }

  /// Takes up what an earlier run left of the claim's file, if there is something. Once, before anything
  /// else.
  async::Task<void> take_up();
  /// Has the next request ask for what is missing of the body, or of its version, only. Until this is
  /// destroyed.
  void ask();
  /// What there is is of no use: the next attempt asks for all. Whether the last one had asked for the rest.
  bool give_up_part() {
    partial_.forget();
    return partial_.asked();
  }

  /// A server may refuse a part of a body and give the whole. Has every attempt from now on ask for that,
  /// while what there is stays until it begins. False: that would be no other request, or the failure says
  /// nothing of parts. `in_segments`: the failed one asked for all of it as a range.
  bool ask_whole(const Result<http::Response>& failed, bool in_segments);
  /// The same, without a question.
  void ask_no_parts() noexcept { partial_.ask_whole(); }

  /// From now on every attempt asks for all, and what one leaves is no use to a later run: it may be another
  /// server's.
  void start_anew() noexcept;
  /// Nothing that has come is the body.
  void set_aside() noexcept;

  /// It goes to a file, and nowhere else, by a plain GET: so it may come in segments.
  [[nodiscard]] bool may_split() const noexcept;
  /// There is a .part that can only be gone on with in segments.
  [[nodiscard]] bool is_split() const noexcept { return in_pieces_; }
  /// What is there of it, to be gone on with in at most so many pieces; null if that is nothing, or if the
  /// rest is too short for more than one.
  Result<std::unique_ptr<io::SegmentFile>> split_rest(std::size_t most);
  /// A file for all of it, in at most so many pieces.
  Result<std::unique_ptr<io::SegmentFile>> lay_out(std::string version, std::uint64_t total,
                                                   std::size_t most);
  /// Bytes have come that others write.
  void count(std::size_t bytes) noexcept;
  /// All of it, of which so many bytes were there before.
  async::Task<Status> put_together(std::unique_ptr<io::SegmentFile> file, std::uint64_t resumed_from);

  Status begin(const http::ResponseHead& head) override;
  Status write(std::string_view bytes) override;

  /// Bytes of this body that are there, and how many it has in all (0: unknown); to be read from any thread.
  [[nodiscard]] const std::atomic<std::uint64_t>& there() const noexcept { return there_; }
  [[nodiscard]] const std::atomic<std::uint64_t>& total() const noexcept { return whole_; }

  /// After a response that was received well: whether it is all that it said it was.
  [[nodiscard]] Status check_whole() const;
  /// Whether the body that comes is what was asked for, and not one that goes with a failure.
  [[nodiscard]] bool is_kept() const noexcept { return use_ == Use::keep; }
  /// The last answer said that what was there is all: its own status and body mean nothing else.
  [[nodiscard]] bool is_complete() const noexcept { return use_ == Use::complete; }
  /// The answer may be that what the asker has is still right, and then there is no body.
  [[nodiscard]] bool is_conditional() const noexcept {
    return own_condition_ || record_.request.known != nullptr;
  }
  /// After a whole response: gives the record what was held.
  void take_text(BodyBudget& budget);
  /// What its file is called.
  [[nodiscard]] std::string shown_name() const { return claim_ != nullptr ? claim_->shown() : std::string(); }
  /// Where files are to be durable, before the commit and after it.
  async::Task<void> sync_file();
  async::Task<void> sync_directory();
  /// After a whole response that is kept: checks the sums, gives the file its name.
  Status commit();
  /// The disk is full: what has come stays in the .part.
  void keep_part() noexcept { file_.keep_part(); }

 private:
  enum class Use : std::uint8_t { keep, aside, complete };
  struct Lent;
  class Wait;

  Status start_file();
  Status keep(std::string_view bytes);
  Status hold(std::string& text, std::string_view bytes) const;
  Status name_file();
  [[nodiscard]] bool is_durable() const;
  void note_if_worth_it();
  void write_note();
  [[nodiscard]] std::string source() const;

  const FetchArgs& args_;
  Save::Claim* claim_;
  Record& record_;
  std::atomic<std::uint64_t>& total_;
  std::atomic<std::uint64_t> there_ = 0;
  std::atomic<std::uint64_t> whole_ = 0;
  DigestSet digests_;
  io::FileWriter file_;
  std::string text_;   // of the body
  std::string aside_;  // of an answer that is none
  PartialBody partial_;
  Status sync_failure_;
  std::chrono::steady_clock::time_point begun_;
  std::optional<std::size_t> most_text_;  // of which more is left out
  bool hold_;
  bool own_condition_ = false;  // the user's, in a header
  bool may_ask_ = false;        // for a range
  bool anew_ = false;           // never again
  bool noted_ = false;          // or tried to
  bool in_pieces_ = false;      // file_ is what an earlier run left of segments
  Use use_ = Use::keep;         // of the last answer
};

}  // namespace leat::pipelines
