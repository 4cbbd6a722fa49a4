#include "pipelines/record/record.hpp"

#include <utility>

#include "engine/text/hash.hpp"

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
  if (copy->body) copy->body_share = budget.take(copy->body->size());
  copy->resumed_from = record.resumed_from;
  copy->num_retries = record.num_retries;
  copy->ticket = record.ticket.share();
  return copy;
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
  child->meta = parent.meta;
  child->descent = parent.descent.child(index);
  return child;
}

}  // namespace leat::pipelines
