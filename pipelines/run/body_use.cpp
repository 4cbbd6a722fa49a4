#include "pipelines/run/body_use.hpp"

#include <algorithm>

#include "pipelines/flow/program.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

bool reads_body(const PlanPtr& block) { return block != nullptr && reads_body(block->stages, 0); }

bool program_reads(const std::string& text) { return !text.empty() && Program(text).reads_body(); }

bool path_reads(const std::string& path) {
  const auto root = path.substr(0, path.find_first_of(".["));
  return root == "body" || root == "json";
}

bool template_reads(const std::string& text) {
  if (text.empty()) return false;
  const auto fields = compile_template(text).fields();
  return std::any_of(fields.begin(), fields.end(), path_reads);
}

/// Of one stage's own arguments.
struct ReadsBody {
  template <class Args>
  bool operator()(const Args& /*args*/) const {
    return false;
  }
  bool operator()(const SaveArgs& /*args*/) const { return true; }
  bool operator()(const ExtractArgs& args) const {
    return args.kind != ExtractArgs::Kind::jq || program_reads(args.text);
  }
  bool operator()(const HashArgs& /*args*/) const { return true; }
  bool operator()(const BatchArgs& /*args*/) const { return true; }
  bool operator()(const WhereArgs& args) const { return program_reads(args.program); }
  bool operator()(const EachArgs& args) const { return program_reads(args.program); }
  bool operator()(const DedupeArgs& args) const { return program_reads(args.by); }
  bool operator()(const RateArgs& args) const { return program_reads(args.key); }
  bool operator()(const CountArgs& args) const { return program_reads(args.by); }
  bool operator()(const SetArgs& args) const {
    return std::any_of(args.changes.begin(), args.changes.end(), [](const auto& change) {
      const auto* program = std::get_if<ProgramText>(&change.second);
      return program != nullptr ? program_reads(program->text)
                                : template_reads(std::get<TemplateText>(change.second).text);
    });
  }
  bool operator()(const ExecArgs& args) const {
    return (args.input && program_reads(args.input->text)) ||
           std::any_of(args.argv.begin(), args.argv.end(), template_reads);
  }
  bool operator()(const WriteArgs& args) const {
    return template_reads(args.text) || std::any_of(args.fields.begin(), args.fields.end(), path_reads) ||
           std::any_of(args.include.begin(), args.include.end(), path_reads);
  }
  bool operator()(const FetchArgs& args) const { return (*this)(args.shape); }
  bool operator()(const PaginateArgs& args) const { return (*this)(args.fetch); }
  bool operator()(const CrawlArgs& args) const { return (*this)(args.fetch); }
  bool operator()(const TeeArgs& args) const { return reads_body(args.block); }
};

}  // namespace

bool reads_body(const std::vector<PlannedStage>& stages, std::size_t from) {
  return std::any_of(stages.begin() + static_cast<std::ptrdiff_t>(std::min(from, stages.size())),
                     stages.end(), [](const PlannedStage& stage) {
                       return std::visit(ReadsBody(), stage.args) || reads_body(stage.on_error);
                     });
}

bool reads_body(const std::vector<std::pair<std::string, PlanPtr>>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](const auto& block) { return reads_body(block.second); });
}

}  // namespace leat::pipelines
