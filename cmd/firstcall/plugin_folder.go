package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func projectOption() option {
	return option{name: "project", kind: toggle, usage: "work on the project's plugin folder and firstcall.lock, instead of your own"}
}

func pluginsOption() option {
	return option{name: "plugins", kind: list, value: "DIR", usage: "another folder to look for exporters in; may be given several times"}
}

// chosenFolder is the plugin folder that a command works on: the user's, or with
// --project that of the project, which is the working directory where there is
// none yet.
func chosenFolder(in *invocation) (trust.Places, trust.Folder, error) {
	places, err := pluginPlaces(nil)
	if err != nil {
		return places, trust.Folder{}, err
	}
	if !in.on("project") {
		return places, places.UserFolder(), nil
	}
	if places.Project == "" {
		if places.Project, err = os.Getwd(); err != nil {
			return places, trust.Folder{}, fmt.Errorf("find the project: %w", err)
		}
	}
	return places, places.ProjectFolder(), nil
}

// ask starts a program once, to learn what it says about itself. It must call
// itself name, unless that is empty.
func ask(ctx context.Context, in *invocation, name string, ready *trust.Ready) (*pb.DescribeResponse, error) {
	plugin, err := host.Launch(ctx, host.Command{Name: name, Path: ready.Path, Args: ready.Args}, host.Options{HostVersion: version})
	if err != nil {
		var fault *host.PluginError
		if errors.As(err, &fault) && fault.Name == "" {
			fault.Name = filepath.Base(ready.Path)
		}
		return nil, pluginFault(in, err)
	}
	defer plugin.Close()
	return plugin.Info(), nil
}

// remember keeps what a program says about itself. That it cannot is no fault:
// the program is asked again.
func remember(in *invocation, places trust.Places, sum string, info *pb.DescribeResponse) {
	if err := places.Remember(sum, info); err != nil {
		in.note("cannot remember what %s says about itself: %v", info.GetName(), err)
	}
}

// shortSum is as much of a hash as people compare.
func shortSum(sum string) string {
	if len(sum) > 16 {
		return sum[:16] + "…"
	}
	return sum
}

// versioned names an exporter with its version, if that is known.
func versioned(name, version string) string {
	if version == "" {
		return name
	}
	return name + " " + render.Printable(version)
}

// completePlugins offers the exporters there are, without starting or hashing
// one.
func completePlugins(prefix string) []string {
	places, err := pluginPlaces(nil)
	if err != nil {
		return []string{}
	}
	return words(trust.Names(places)...)(prefix)
}
