# embed_profiles(FOLDER OUTPUT): the files FOLDER/*.hsh as the table of commands/settings/profiles.h, so that the program stays one file.
# The lines of a profile have no semicolons, brackets, quotes or backslashes.
function(embed_profiles folder output)
	file(GLOB files CONFIGURE_DEPENDS ${folder}/*.hsh)
	set(texts "")
	set(rows "")
	set(number 0)
	foreach(file ${files})
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
		get_filename_component(name ${file} NAME)
		string(REGEX REPLACE "\\.hsh$" "" name ${name})
		file(STRINGS ${file} lines)
		string(APPEND texts "static const char *const lines_${number}[] = {\n")
		foreach(line IN LISTS lines)
			string(APPEND texts "\t\"${line}\",\n")
		endforeach()
		string(APPEND texts "\tNULL\n};\n")
		string(APPEND rows "\t{ \"${name}\", lines_${number} },\n")
		math(EXPR number "${number} + 1")
	endforeach()
	file(GENERATE OUTPUT ${output} CONTENT
"/* Made by CMake from commands/settings/profiles. */
#include \"commands/settings/profiles.h\"

${texts}
const struct profile built_in_profiles[] = {
${rows}\t{ NULL, NULL }
};
")
endfunction()
