# Warnings, hardening and instrumentation, on everything this project compiles.

include(CheckCXXCompilerFlag)

add_library(leat_flags INTERFACE)
target_link_libraries(leat_flags INTERFACE Threads::Threads)
# Of sources that are compiled as one, a local name of one may be a global name of another.
target_compile_options(leat_flags INTERFACE
  -Wall -Wextra -Wpedantic $<$<NOT:$<BOOL:${LEAT_UNITY}>>:-Wshadow> -Wconversion $<$<BOOL:${LEAT_WERROR}>:-Werror>
  -fno-omit-frame-pointer)
if(LEAT_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(leat_flags INTERFACE -Wno-subobject-linkage)  # g++ takes what is included for headers
endif()
if(LEAT_FUZZ)
  target_compile_options(leat_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(LEAT_SANITIZE)
  target_compile_options(leat_flags INTERFACE -fsanitize=${LEAT_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(leat_flags INTERFACE -fsanitize=${LEAT_SANITIZE})
  # clang 14 emits -fsanitize=function's prologue data wrongly for the parts a coroutine is split into.
  target_compile_options(leat_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  target_compile_options(leat_flags INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:-fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/tests/cmake/sanitizers.ignore>)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(leat_flags INTERFACE -fstack-protector-strong -fstack-clash-protection)
  # All of it becomes programs, so nothing has to be found by a loader: calls and data are reached directly, and what
  # nobody calls is left out. A request misses the instruction cache less often.
  target_compile_options(leat_flags INTERFACE -fPIE -fvisibility=hidden -ffunction-sections)
  target_link_options(leat_flags INTERFACE -Wl,--gc-sections)
  # What stops an attacker from bending jumps and returns: CET on x86-64, BTI and signed returns on arm64.
  check_cxx_compiler_flag(-fcf-protection=full LEAT_HAS_CET)
  check_cxx_compiler_flag(-mbranch-protection=standard LEAT_HAS_BRANCH_PROTECTION)
  if(LEAT_HAS_CET)
    # The linker marks leat only if it is told to, since Debian's crt1.o has no such mark.
    target_compile_options(leat_flags INTERFACE -fcf-protection=full)
    target_link_options(leat_flags INTERFACE -Wl,-z,ibt,-z,shstk)
  elseif(LEAT_HAS_BRANCH_PROTECTION)
    target_compile_options(leat_flags INTERFACE -mbranch-protection=standard)
  endif()
  target_compile_definitions(leat_flags INTERFACE _FORTIFY_SOURCE=3 _GLIBCXX_ASSERTIONS)
  target_link_options(leat_flags INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
endif()

# leat_load_order(TARGET): the libraries whose symbols the others want most are searched first. leat loads 40, most
# of them libcurl's own, and the loader looks each of 12,000 symbols up in the order of loading.
function(leat_load_order target)
  if(LEAT_SANITIZE)
    return()  # whose run-time library must come first
  endif()
  find_library(LEAT_GNUTLS libgnutls.so.30)  # libcurl's; leat has no use for it
  mark_as_advanced(LEAT_GNUTLS)
  target_link_options(${target} PRIVATE -Wl,--push-state,--no-as-needed -lc -lcrypto)
  if(LEAT_GNUTLS)
    target_link_options(${target} PRIVATE -l:libgnutls.so.30)
  endif()
  # The C++ library itself is linked in: its relocations and symbols took a sixth of all instructions of a short run.
  target_link_options(${target} PRIVATE -Wl,--pop-state -static-libstdc++ -static-libgcc)
endfunction()
# leat_split_debug(TARGET): what only debuggers read stands in a file beside the binary, which names it.
function(leat_split_debug target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR LEAT_SANITIZE OR LEAT_COVERAGE)
    return()
  endif()
  set(debug $<TARGET_FILE:${target}>.debug)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug --compress-debug-sections $<TARGET_FILE:${target}> ${debug}
    COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=${debug} $<TARGET_FILE:${target}>
    BYPRODUCTS ${CMAKE_BINARY_DIR}/${target}.debug
    VERBATIM)
  # `cmake --install build/release --component debug` puts it where debuggers look for a binary that has its build ID,
  # if the prefix is /usr.
  install(CODE "
    execute_process(COMMAND ${CMAKE_READELF} --notes \"${debug}\" OUTPUT_VARIABLE notes ERROR_QUIET)
    if(NOT notes MATCHES \"Build ID: ([0-9a-f][0-9a-f])([0-9a-f]+)\")
      message(FATAL_ERROR \"${debug} has no build ID\")
    endif()
    file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/debug/.build-id/\${CMAKE_MATCH_1}\" TYPE FILE
         RENAME \${CMAKE_MATCH_2}.debug FILES \"${debug}\")"
    COMPONENT debug EXCLUDE_FROM_ALL)
endfunction()

if(LEAT_COVERAGE)
  target_compile_options(leat_flags INTERFACE --coverage)
  target_compile_definitions(leat_flags INTERFACE LEAT_COVERAGE)
  target_link_options(leat_flags INTERFACE --coverage)
endif()

include(CheckPIESupported)
check_pie_supported()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
