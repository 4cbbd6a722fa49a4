#include "pipelines/stages/record_body.hpp"

#include <algorithm>
#include <utility>

namespace leat::pipelines {

Status RecordBody::begin(const http::ResponseHead& head) {
  kept_ = !args_.fail.contains(head.status);
  text_.clear();
  if (hold_ && head.content_length) text_.reserve(std::min(*head.content_length, args_.body_limit));
  digest_.reset();
  if (!kept_) return std::nullopt;
  if (!sha256_.empty()) digest_.emplace();
  if (claim_ == nullptr) return std::nullopt;
  if (file_.is_open()) return file_.rewind();
  auto created = io::FileWriter::create(claim_->base(), claim_->path());
  if (!created) return created.error();
  file_ = std::move(*created);
  return std::nullopt;
}

Status RecordBody::write(std::string_view bytes) {
  total_.fetch_add(bytes.size(), std::memory_order_relaxed);
  if (hold_) {
    if (text_.size() + bytes.size() > args_.body_limit) {
      return Error(Errc::body_too_large,
                   "the body is larger than body-limit, " + std::to_string(args_.body_limit) + " bytes");
    }
    text_.append(bytes);
  }
  if (!kept_) return std::nullopt;
  if (digest_) digest_->update(bytes);
  return claim_ != nullptr ? file_.write(bytes) : std::nullopt;
}

void RecordBody::take_text(Record& record, BodyBudget& budget) {
  if (!hold_) return;
  record.body = std::move(text_);
  record.body_share = budget.take(record.body->size());
}

Status RecordBody::commit(Record& record) {
  if (digest_) {
    if (const std::string sum = digest_->finish(); sum != sha256_) {
      return Error(Errc::checksum_mismatch, "SHA-256 is " + sum + ", expected " + sha256_);
    }
  }
  if (!file_.is_open()) return std::nullopt;
  if (auto error = file_.commit(claim_->replace())) return error;
  claim_->written();
  record.filename = shown_path(claim_->base(), claim_->path());
  return std::nullopt;
}

Status save_bytes(Save::Claim& claim, std::string_view bytes) {
  auto file = io::FileWriter::create(claim.base(), claim.path());
  if (!file) return file.error();
  if (auto error = file->write(bytes)) return error;
  if (auto error = file->commit(claim.replace())) return error;
  claim.written();
  return std::nullopt;
}

}  // namespace leat::pipelines
