# What `cmake --install` puts beside the binary and its manual, and what `cpack` makes of it: leat_VERSION_ARCH.deb, and
# leat-dbgsym_VERSION_ARCH.deb with the debug data.

# leat_completions(TARGET): the completions are what the binary itself prints, so they are made along with it.
function(leat_completions target)
  if(LEAT_SANITIZE OR LEAT_COVERAGE)
    return()  # nobody installs these, and what they print or leave behind when they end is for tests
  endif()
  set(folder ${CMAKE_BINARY_DIR}/completions)
  set(bash ${folder}/leat)  # each has the name by which its shell looks for it
  set(zsh ${folder}/_leat)
  set(fish ${folder}/leat.fish)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${target} generate bash > ${bash}
    COMMAND ${target} generate zsh > ${zsh}
    COMMAND ${target} generate fish > ${fish}
    BYPRODUCTS ${bash} ${zsh} ${fish}
    VERBATIM)
  install(FILES ${bash} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${fish} DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  # zsh looks for what a Debian package brings in another folder than for what was installed by hand.
  install(CODE "
    set(folder site-functions)
    if(CMAKE_INSTALL_PREFIX MATCHES \"/usr$\")
      set(folder vendor-completions)
    endif()
    file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\" TYPE FILE
         FILES \"${zsh}\")")
endfunction()

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The leat authors <leat@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "fetch URLs concurrently, pipeline the results")
set(CPACK_STRIP_FILES OFF)  # the binary is stripped already
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL leat debug)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_LEAT_PACKAGE_NAME leat)
set(CPACK_DEBIAN_LEAT_DESCRIPTION "leat get fetches a list of URLs and prints a line of JSON for each as it completes.
leat run runs a pipeline that fetches, extracts, fetches again and saves.
leat bench measures an endpoint, and says how sure it is.")
set(CPACK_DEBIAN_LEAT_PACKAGE_SHLIBDEPS ON)
# leat loads these when it needs them, so dpkg-shlibdeps does not see them.
set(CPACK_DEBIAN_LEAT_PACKAGE_DEPENDS "libjq1, libxml2")
set(CPACK_DEBIAN_LEAT_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_DEBUG_PACKAGE_NAME leat-dbgsym)
set(CPACK_DEBIAN_DEBUG_DESCRIPTION "These are the debug data that gdb reads of /usr/bin/leat.")
set(CPACK_DEBIAN_DEBUG_PACKAGE_SECTION debug)
set(CPACK_DEBIAN_DEBUG_PACKAGE_DEPENDS "leat (= ${PROJECT_VERSION})")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/tests/cmake/package_pages.cmake)
include(CPack)
