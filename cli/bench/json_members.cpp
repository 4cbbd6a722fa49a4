#include "cli/bench/json_members.hpp"

#include "cli/bench/json_fields.hpp"
#include "engine/load/estimates.hpp"

namespace leat::cli {

namespace {

class Members : private JsonFields {
 public:
  std::string array(const std::vector<MemberRow>& members) {
    json_.begin_array();
    for (const auto& member : members) {
      json_.item();
      write(member);
    }
    json_.end_array();
    return std::string(json_.text());
  }

 private:
  void write(const MemberRow& member) {
    json_.begin_object();
    text("name", member.name);
    key("died");
    json_.boolean(!member.is_here);
    count("ok", member.totals.ok);
    count("errors", load::count_errors(member.totals));
    real("rate", member.rate, 3);
    time("p50", member.response.percentile(50), member.totals.ok > 0);
    time("p99", member.response.percentile(99), member.totals.ok > 0);
    text("verdict", load::to_string(member.verdict.kind));
    text("reason", member.verdict.reason);
    text("clock", member.clock);
    json_.end_object();
  }
};

}  // namespace

std::string members_json(const std::vector<MemberRow>& members) {
  Members writer;
  return writer.array(members);
}

}  // namespace leat::cli
