#include "pipelines/record/record.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/record/own_origin.hpp"

namespace leat::pipelines {

// The index is written big-endian, so that texts compare as numbers do.
Descent Descent::child(std::uint32_t index) const {
  Descent made;
  if (!family) return made;
  made.family = family;
  made.path = path;
  for (int shift = 24; shift >= 0; shift -= 8) {
    made.path += static_cast<char>(index >> static_cast<unsigned>(shift));
  }
  return made;
}

void Record::filled(std::string_view place) {
  const auto is_touched = [place](const std::string& old) {
    const auto both = std::min(old.size(), place.size());
    const bool one_path = std::string_view(old).substr(0, both) == place.substr(0, both);
    const auto ends = [both](std::string_view path) { return path.size() == both || path[both] == '.'; };
    return place.empty() || (one_path && ends(old) && ends(place));
  };
  std::erase_if(extracted, is_touched);
  std::erase_if(inherited, is_touched);
}

void Record::fail(Error why, const char* stage) {
  outcome = why.code == Errc::cancelled ? Outcome::cancelled : Outcome::failed;
  why.stage = stage;
  error = std::move(why);
  error_handled = false;
  failure_seen = false;
}

RecordPtr copy_of(const Record& record, BodyBudget& budget) {
  auto copy = std::make_unique<Record>();
  copy->id = record.id;
  copy->line = record.line;
  copy->parent = record.parent;
  copy->depth = record.depth;
  copy->walk = record.walk;
  copy->walk_depth = record.walk_depth;
  copy->home = record.home;
  copy->input = record.input;
  copy->request = record.request;
  copy->output = record.output;
  copy->expected = record.expected;
  copy->mirrors = record.mirrors;
  copy->meta = record.meta;
  copy->extracted = record.extracted;
  copy->fixed = record.fixed;
  copy->inherited = record.inherited;
  copy->born = record.born;
  copy->waited = record.waited;
  copy->started_at = record.started_at;
  copy->outcome = record.outcome;
  copy->error = record.error;
  copy->error_handled = record.error_handled;
  copy->failure_seen = record.failure_seen;
  copy->response = record.response;
  copy->digests = record.digests;
  copy->filename = record.filename;
  copy->body = record.body;
  copy->raw_body = record.raw_body;
  if (copy->body)
    copy->body_share = budget.take(copy->body->size() + (copy->raw_body ? copy->raw_body->size() : 0));
  copy->resumed_from = record.resumed_from;
  copy->num_retries = record.num_retries;
  copy->ticket = record.ticket.share();
  return copy;
}

std::string own_origin_of(const Record& record, bool begins) {
  const auto& request = record.request;
  const bool was_fetched = record.started_at != std::chrono::system_clock::time_point{};
  if (!request.own_origin.empty() || !(was_fetched || begins)) return request.own_origin;
  return std::string(request.url.origin());
}

// No URL holds a blank, so this is the origin of none.
void join_own_origin(Record& joined, const Record& member) {
  if (joined.request.own_origin != own_origin_of(member)) joined.request.own_origin = " ";
}

RecordPtr descend(const Record& parent, std::uint32_t index) {
  auto child = std::make_unique<Record>();
  child->id = text::mix64(parent.id ^ text::mix64(index + 1));
  child->ticket = parent.ticket.share();
  child->line = parent.line;
  child->parent = parent.id;
  child->depth = parent.depth + 1;
  child->walk = parent.walk;
  child->walk_depth = parent.walk_depth + 1;
  child->home = parent.home;
  child->request.own_origin = own_origin_of(parent);
  child->meta = parent.meta;
  child->inherited = parent.inherited;
  child->inherited.insert(child->inherited.end(), parent.extracted.begin(), parent.extracted.end());
  child->descent = parent.descent.child(index);
  return child;
}

}  // namespace leat::pipelines
