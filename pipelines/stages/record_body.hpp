#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/http/response.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/digest.hpp"
#include "pipelines/stages/save.hpp"

namespace leat::pipelines {

/// Where the body of one record's response goes: counted always; held as text, written to the file of a claim
/// and checked against an expected SHA-256 where that is asked for. Each attempt starts over.
///
/// `begin` and `write` are called on the thread of the transfer and touch nothing that is shared but `total`;
/// the rest is the loop's, between transfers.
class RecordBody final : public http::BodySink {
 public:
  /// `claim` may be null; it outlives this. `total` counts the bytes of all bodies.
  RecordBody(const FetchArgs& args, bool hold, Save::Claim* claim, const std::string& sha256,
             std::atomic<std::uint64_t>& total) noexcept
      : args_(args), claim_(claim), sha256_(sha256), total_(total), hold_(hold) {}

  Status begin(const http::ResponseHead& head) override;
  Status write(std::string_view bytes) override;

  /// After a whole response: gives the record what was held.
  void take_text(Record& record, BodyBudget& budget);
  /// After a whole response that is kept: checks the sum, gives the file its name.
  Status commit(Record& record);
  /// The disk is full: what has come stays in the .part.
  void keep_part() noexcept { file_.keep_part(); }

 private:
  const FetchArgs& args_;
  Save::Claim* claim_;
  const std::string& sha256_;  // expected; empty: none
  std::atomic<std::uint64_t>& total_;
  std::optional<Digest> digest_;
  io::FileWriter file_;
  std::string text_;
  bool hold_;
  bool kept_ = false;  // the response is one to keep
};

/// Writes one claim's whole file.
Status save_bytes(Save::Claim& claim, std::string_view bytes);

}  // namespace leat::pipelines
