// What fetch does with the files of a `save` right behind it.
#include <utility>

#include "engine/io/file_writer.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/sink/standing_sums.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

bool Fetch::keeps_versions() const noexcept {
  return context_.journal != nullptr && save_ != nullptr && save_->args().if_changed;
}

void Fetch::keep_version(std::uint64_t url, const Record& record, const Save::Claim& claim) const {
  if (record.failed() || record.outcome != Outcome::ok || !record.response || claim.is_provisional()) return;
  auto version = io::version_of(claim.base(), claim.final_path());
  if (!version) return;
  const auto etag = record.response->head.headers.find("etag");
  (*version).etag = etag ? *etag : "";
  context_.journal->keep_version(url, std::move(*version));
}

std::optional<Save::Claim> Fetch::claim(Record& record) const {
  if (save_ == nullptr || context_.stopping || record.request.effective_method() == "HEAD")
    return std::nullopt;
  auto claimed = save_->claim(record);
  if (claimed) return std::move(*claimed);
  record.fail(std::move(claimed.error()), "save");
  return std::nullopt;
}

async::Task<bool> Fetch::is_there(Record& record, Save::Claim& claim) const {
  auto file = io::open_standing(claim.base(), claim.path());
  if (!file) co_return false;
  auto reading = sums_of_file(std::move(*file), kinds_of(record.expected));
  auto sums = co_await std::move(reading);
  if (!sums.ok() || compare_sums(*sums, record.expected)) co_return false;
  record.outcome = Outcome::skipped;
  record.filename = claim.shown();
  record.digests = std::move(*sums);
  claim.leave_standing();
  co_return true;
}

}  // namespace leat::pipelines
