#include "pipelines/spec/hidden_secrets.hpp"

#include <doctest/doctest.h>

#include "pipelines/stages/stage_table.hpp"

using namespace leat::pipelines;

namespace {

std::string hidden(std::string_view text) { return with_hidden_secrets(text, stage_signatures()); }

}  // namespace

TEST_CASE("with_hidden_secrets: values of secret arguments are stars, and everything keeps its place") {
  CHECK(hidden("lines | fetch bearer=tök user=\"me:p w\" n=4") ==
        "lines | fetch bearer=*** user=\"******\" n=4");
  CHECK(hidden("lines | fetch header=\"X-Api-Key: k\" header=\"Accept: a\"") ==
        "lines | fetch header=\"X-Api-Key: *\" header=\"Accept: a\"");
  CHECK(hidden("lines | fetch cookie=\"a=\\\"b\\\"\" | null") == "lines | fetch cookie=\"*******\" | null");
  CHECK(hidden("lines | tee {fetch bearer=t | null} | null") == "lines | tee {fetch bearer=* | null} | null");
  CHECK(hidden("lines | fetch header=\"Ocp-Apim-Subscription-Key: k\"") ==
        "lines | fetch header=\"Ocp-Apim-Subscription-Key: *\"");
  CHECK(hidden("lines | set header.Authorization=x header.Accept=y") ==
        "lines | set header.Authorization=* header.Accept=y");
  CHECK(hidden("lines | fetch proxy=http://u:p@b.org | fetch proxy=u:p@b.org") ==
        "lines | fetch proxy=http://***@b.org | fetch proxy=*********");
  CHECK(hidden("urls http://me:pw@a.org/ | null") == "urls http://*****@a.org/ | null");
}

TEST_CASE("with_hidden_secrets: it does so in a spec that is broken, too") {
  CHECK(hidden("lines | fetch user=\"me:p | null") == "lines | fetch user=\"***********");
  CHECK(hidden("lines | fetch cookie=\"a=\nb\" | where (.x ==") ==
        "lines | fetch cookie=\"**\n*\" | where (.x ==");
  CHECK(hidden("bearer=") == "bearer=");
  CHECK(hidden("") == "");
}

TEST_CASE("with_hidden_secrets: what names a value, is a program or another argument stays") {
  for (const char* same :
       {"lines | fetch bearer=env:TOKEN", "lines | fetch bearer=secret:TOKEN user=$user",
        "lines | fetch header=\"Authorization: {secret:T}\" | write \"user={meta.user}\"",
        "lines | where (.user==\"bob\") | fetch body=(.meta.body)", "lines \"a?user=b\" | null"}) {
    CAPTURE(same);
    CHECK(hidden(same) == same);
  }
}

TEST_CASE("shown_text: a field's name says whether the header that set makes is secret") {
  BoundArg arg;
  arg.key = "header.X-Api-Key";
  CHECK(shown_text(arg, "k") == "(secret)");
  CHECK(shown_text(arg, "{secret:K}") == "{secret:K}");
  arg.value.program = true;
  CHECK(shown_text(arg, ".meta.k") == ".meta.k");
  arg.value.program = false;
  arg.key = "header.Accept";
  CHECK(shown_text(arg, "k") == "k");
}
