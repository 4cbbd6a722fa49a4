#include "pipelines/run/own_files_of.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

namespace {

void add_standard_output(OwnFiles& own) {
  struct stat status {};
  if (::fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode))
    own.add("the standard output", io::id_of(status));
}

}  // namespace

OwnFiles own_files_of(const Plan& plan, const RunContext& context) {
  OwnFiles own;
  for (const auto& stage : plan.stages) own.add("the list", stage.args.row().facts(stage.args).input);
  if (plan.state) {
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
      own.add("the journal", plan.state->path + ending);
  }
  own.add("the --failed file", plan.failed_path);
  for_each_fetch(plan, [&own](const FetchArgs& args) {
    own.add("the cookie jar", args.client.wire.cookie_jar);
    for (const auto& cookies : args.client.wire.cookies) {
      if (!http::is_cookie_data(cookies)) own.add("the file of cookies", cookies);
    }
    if (args.checksums) own.add("the list of checksums", args.checksums->path());
  });
  context.outputs.for_each([&own](const std::string& path, const auto&) { own.add("an output", path); });
  add_standard_output(own);
  return own;
}

}  // namespace leat::pipelines
